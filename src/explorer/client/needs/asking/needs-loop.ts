import type { Explanation } from '../explanation.ts';
import { type Askable, askable, faultIn, keyOf, type Problem, type Question } from './question.ts';

/** What the operation needs for one caller. */
export interface CallerNeeds {
  readonly callerId: string;
  readonly explanation: Explanation;
}

/** What is known about the operation in the editor. */
export interface Needs {
  /** The last good answers, one for each caller that was asked for. Empty: no operation was explained yet. */
  readonly answers: readonly CallerNeeds[];
  /** The document that the answers belong to. */
  readonly document: string;
  /** Why the answers are not about the present text. `null`: they are, or the next answer is on its way. */
  readonly problem: Problem | null;
}

/** What the loop needs of the page. Tests replace it. */
export interface LoopOptions {
  /** Explains an operation for one caller. It rejects with an Error whose message is one line for the person. */
  readonly explain: (question: Askable, callerId: string, signal: AbortSignal) => Promise<Explanation>;
  /** Milliseconds. Only differences matter. */
  readonly now: () => number;
  /** Calls a function later, and returns a function that cancels it. */
  readonly later: (run: () => void, delayMs: number) => () => void;
}

/** Asks the server what the operation in the editor needs. */
export interface NeedsLoop {
  /** Takes what the editors hold now. An equal question is not asked again. */
  readonly ask: (question: Question) => void;
  /**
   * Asks the last question once more, for example after the network came back.
   *
   * @param afterMs - only if the last request is at least this old. Default 0
   */
  readonly askAgain: (afterMs?: number) => void;
  readonly current: () => Needs;
  readonly subscribe: (listener: () => void) => () => void;
  /** Cancels every request and timer. A later question starts the loop again. */
  readonly stop: () => void;
}

/** The pause in typing before the server is asked. */
const quietMs = 220;
/** The shortest time between two requests, so that at most four a second are sent. */
const spacingMs = 250;

/**
 * Creates the loop. It waits for a pause in typing, sends one round of requests at a time, cancels the older round when
 * the text changes, and keeps the last good answer while there is no newer one.
 */
export function createNeedsLoop({ explain, now, later }: LoopOptions): NeedsLoop {
  const listeners = new Set<() => void>();
  let needs: Needs = {
    answers: [],
    document: '',
    problem: { kind: 'empty', reason: 'Write an operation to see what it needs.' },
  };
  let question: Question | null = null;
  let key = '';
  let cancelTimer = (): void => {};
  let round: AbortController | null = null;
  let notBefore = -Infinity;
  let sentAt = -Infinity;

  const publish = (next: Needs): void => {
    const same =
      next.answers === needs.answers &&
      next.problem?.kind === needs.problem?.kind &&
      next.problem?.reason === needs.problem?.reason;
    needs = next;
    if (!same) for (const listener of listeners) listener();
  };
  const stop = (): void => {
    cancelTimer();
    round?.abort();
    round = null;
  };

  async function send(asked: Question, sendable: Askable): Promise<void> {
    const controller = new AbortController();
    round = controller;
    sentAt = now();
    notBefore = sentAt + spacingMs * Math.max(1, asked.callers.length);
    try {
      const answers = await Promise.all(
        asked.callers.map(async ({ id }) => ({
          callerId: id,
          explanation: await explain(sendable, id, controller.signal),
        })),
      );
      if (round !== controller) return;
      const fault = faultIn(answers);
      // A document with a fault has no elements, so the last good answers stay.
      publish(fault ? { ...needs, problem: fault } : { answers, document: asked.document, problem: null });
    } catch (error) {
      if (round === controller) {
        publish({
          ...needs,
          problem: { kind: 'server', reason: error instanceof Error ? error.message : 'The server did not answer.' },
        });
      }
      controller.abort(); // The requests for the other callers.
    } finally {
      if (round === controller) round = null;
    }
  }

  function rested(): void {
    const asked = question;
    if (!asked || asked.callers.length === 0) return;
    const sendable = askable(asked);
    if (!('kind' in sendable)) {
      void send(asked, sendable);
      return;
    }
    publish(
      sendable.kind === 'empty' ? { answers: [], document: '', problem: sendable } : { ...needs, problem: sendable },
    );
  }

  function schedule(delayMs: number): void {
    stop();
    cancelTimer = later(rested, Math.max(delayMs, notBefore - now()));
  }

  return {
    ask(next) {
      const nextKey = keyOf(next);
      if (nextKey === key) return;
      key = nextKey;
      // Only typing waits for a pause. A change of the caller is asked at once.
      const isTyping = question?.document !== next.document || question.variables !== next.variables;
      question = next;
      schedule(isTyping ? quietMs : 0);
    },
    askAgain(afterMs = 0) {
      if (question && now() - sentAt >= afterMs) schedule(0);
    },
    current: () => needs,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stop();
      key = '';
    },
  };
}
