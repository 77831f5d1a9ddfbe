import { failAt, type Position } from '../fail.ts';
import type { ForeignPromise } from './foreign-promise.ts';
import type { Run } from '../run.ts';

/** Receives the outcome of a group that has no position. */
export interface Receiver {
  /** @param text - the JSON text of the group */
  readonly arrived: (text: string) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A value of the response that waits for promises. It gives its text to the object or list around its position. It
 * replaces the promises that graphql-js makes for the position. Its functions never throw.
 *
 * In graphql-js, an error takes some microtasks on its way to the position that becomes null. If several fields fail,
 * this time decides which errors are reported. Therefore an error waits for the same number of microtasks here. A text
 * waits only if `run.isExact`. Otherwise no error depends on its time.
 */
export abstract class Unsettled {
  readonly run: Run;
  protected position: Position | null = null;
  /** The object or list around the position. Null: it has failed, and has dropped this value. */
  protected outer: Group | null = null;
  protected index = 0;

  constructor(run: Run) {
    this.run = run;
  }

  enter(outer: Group, index: number): void {
    this.outer = outer;
    this.index = index;
  }

  /** Handles an error at the position. */
  protected failHere(thrown: unknown): void {
    const { run, position, outer, index } = this;
    if (position === null) return;
    try {
      failAt(run, position, thrown);
    } catch (error) {
      if (outer !== null) afterMicrotasks(1, () => outer.fail(error));
      return;
    }
    if (outer !== null) afterMicrotasks(run.isExact ? 1 : 0, () => outer.arrive(index, 'null'));
  }
}

/** The value of a promise that a resolver returned, or of a promise in a list. Call one function, one time. */
export class Promised extends Unsettled {
  constructor(run: Run, position: Position) {
    super(run);
    this.position = position;
  }

  /** The value is complete. @param text - its JSON text */
  arrive(text: string): void {
    const { run, outer, index } = this;
    if (outer === null) return;
    if (run.isExact) afterMicrotasks(2, () => outer.arrive(index, text));
    else outer.arrive(index, text);
  }

  /** The value is an object or list that is not settled. */
  become(group: Group): void {
    if (this.position !== null) group.locate(this.position, 2);
    if (this.outer !== null) group.enter(this.outer, this.index);
  }

  /** The value is complete when a promise of another author resolves. */
  follow(promise: ForeignPromise): void {
    const { run, position, outer, index } = this;
    const rescued = promise.rescuedAfterAdoption((error) => position && failAt(run, position, error));
    if (outer === null) rescued.handleRejection();
    else outer.follow(index, rescued);
  }

  /** The promise has rejected, or its value cannot be completed. */
  fail(thrown: unknown): void {
    afterMicrotasks(1, () => this.failHere(thrown));
  }
}

/** How many microtasks graphql-js needs to make the value of a group when all its members have arrived. */
const joining = { object: 1, list: 0 } as const;

/** An object or list of which some members are not settled. */
export class Group extends Unsettled {
  /** The text in front of each member that is not settled, and the text of this member, in turns. */
  #pieces: string[] | null = null;
  #last = '';
  #waiting = 0;
  #isOver = false;
  #thrown: { readonly error: unknown } | null = null;
  #receiver: Receiver | null = null;
  #foreign: { readonly index: number; readonly value: string | ForeignPromise }[] | null = null;
  /** The microtasks from the last member, or the first error, to the handler of errors of graphql-js. */
  #microtasks: number;

  constructor(run: Run, kind: 'object' | 'list') {
    super(run);
    this.#microtasks = joining[kind];
  }

  /** @param before - the text in front of the member. @param member - `string`: a text that arrives later all the same */
  add(before: string, member: Unsettled | ForeignPromise | string): void {
    // An array that grows from two members is smaller than one that grows from none.
    if (this.#pieces === null) this.#pieces = [before, ''];
    else this.#pieces.push(before, '');
    const index = this.#pieces.length - 1;
    this.#waiting += 1;
    if (member instanceof Unsettled) member.enter(this, index);
    else (this.#foreign ??= []).push({ index, value: member });
  }

  /** All members are added. @param last - the text behind the last one */
  close(last: string): this {
    this.#last = last;
    for (const { index, value } of this.#foreign ?? []) this.follow(index, value);
    return this;
  }

  /** A further member has thrown. The group throws this error when the members before it are settled. */
  closeWith(error: unknown): this {
    this.run.isExact = true; // The time of the error depends on the time of the texts.
    this.#thrown = { error };
    this.#microtasks += 1;
    return this.close('');
  }

  /** @param microtasks - how many graphql-js needs to pass an outcome on to the position */
  locate(position: Position, microtasks: 1 | 2): void {
    this.position = position;
    this.#microtasks += microtasks;
  }

  /** @param microtasks - how many graphql-js needs to pass an outcome on to the receiver */
  deliverTo(receiver: Receiver, microtasks: 0 | 1): void {
    this.#receiver = receiver;
    this.#microtasks += microtasks;
  }

  follow(index: number, value: string | ForeignPromise): void {
    const arrive = (text: string): void => this.arrive(index, text);
    if (typeof value === 'string') afterMicrotasks(1, () => arrive(value));
    else value.deliverTo(arrive, (error) => this.fail(error));
  }

  /** A member has its text. If it is the last one, the text goes on to the group around this one, and so on. */
  arrive(index: number, text: string): void {
    Group.#arrive(this, index, text);
  }

  static #arrive(first: Group, index: number, text: string): void {
    let group = first;
    let at = index;
    let arrived = text;
    for (;;) {
      if (group.#pieces !== null) group.#pieces[at] = arrived;
      group.#waiting -= 1;
      if (group.#waiting > 0 || group.#isOver) return;
      if (group.run.isExact) return group.#settleExactly();
      group.#isOver = true;
      try {
        arrived = group.#join();
      } catch (error) {
        return group.#settleWith(error); // The text is too long for a string.
      }
      if (group.#receiver !== null) return group.#receiver.arrived(arrived);
      if (group.outer === null) return;
      at = group.index;
      group = group.outer;
    }
  }

  /** A member that cannot be null has failed. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settleWith(this.#thrown === null ? error : this.#thrown.error);
  }

  #join(): string {
    let text = '';
    for (const piece of this.#pieces ?? []) text += piece;
    return text + this.#last;
  }

  /** Settles the group after as many microtasks as in graphql-js. */
  #settleExactly(): void {
    this.#isOver = true;
    if (this.#thrown !== null) return this.#settleWith(this.#thrown.error);
    let text: string;
    try {
      text = this.#join();
    } catch (error) {
      return this.#settleWith(error);
    }
    const { outer, index } = this;
    const receiver = this.#receiver;
    if (receiver !== null) afterMicrotasks(this.#microtasks, () => receiver.arrived(text));
    else if (outer !== null) afterMicrotasks(this.#microtasks + 1, () => outer.arrive(index, text));
  }

  #settleWith(error: unknown): void {
    const receiver = this.#receiver;
    afterMicrotasks(this.#microtasks, () => (receiver === null ? this.failHere(error) : receiver.failed(error)));
  }
}

const resolved = Promise.resolve();

/** Calls a function that does not throw after a number of microtasks. */
function afterMicrotasks(count: number, action: () => void): void {
  if (count === 0) action();
  else void resolved.then(() => afterMicrotasks(count - 1, action));
}
