import type { CallGate } from './gate.ts';
import { startDeadline } from '../../protocol/deadline.ts';

/** The result of a call: the value that the policy returned, or the reason why there is no value. */
export type PolicyAnswer = { readonly is: 'late' | 'busy' } | { readonly is: 'returned'; readonly value: unknown };

/**
 * Calls a policy as soon as all gates have room. The call keeps its place at each gate until the policy's promise
 * settles, even after the deadline. Therefore the gates also limit the number of calls that never settle.
 *
 * @param timeoutMs - the time limit for the wait and the call together
 * @throws the error that the policy throws or rejects with
 */
export async function callPolicy(
  call: () => unknown,
  gates: readonly CallGate[],
  timeoutMs: number,
): Promise<PolicyAnswer> {
  const deadline = startDeadline(timeoutMs);
  const late = deadline.passed.then((): PolicyAnswer => ({ is: 'late' }));
  const passed: CallGate[] = [];
  const leave = (): void => {
    for (const gate of passed) gate.leave();
  };
  try {
    for (const gate of gates) {
      if (!(await entered(gate, late))) {
        leave();
        return { is: 'busy' };
      }
      passed.push(gate);
    }
    const answer = started(call);
    answer.then(leave, leave);
    return await Promise.race([answer.then((value): PolicyAnswer => ({ is: 'returned', value })), late]);
  } finally {
    deadline.clear();
  }
}

async function started(call: () => unknown): Promise<unknown> {
  return call();
}

/**
 * Waits for room at a gate. Returns `false` if there is no room before the deadline, or if too many calls already wait.
 */
async function entered(gate: CallGate, deadline: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const giveUp = gate.enter(() => resolve(true));
    if (giveUp === null) {
      resolve(false);
      return;
    }
    void deadline.then(() => {
      giveUp();
      resolve(false);
    });
  });
}
