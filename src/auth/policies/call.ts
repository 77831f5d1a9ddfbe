import type { Gate } from './gate.ts';
import { startDeadline } from '../../protocol/deadline.ts';

/** What came of a call: what the policy gave, or why there was nothing in time. */
export type PolicyAnswer = { readonly is: 'late' | 'busy' } | { readonly is: 'given'; readonly value: unknown };

/**
 * Calls a policy as soon as all gates let it through. The call is in progress until the policy settles it, also after its time: a
 * policy that never settles is called so often as its gates let through, and no more.
 *
 * @param timeout - for waiting and the call together, in milliseconds
 * @throws what the policy throws or rejects with
 */
export async function callPolicy(call: () => unknown, gates: readonly Gate[], timeout: number): Promise<PolicyAnswer> {
  const deadline = startDeadline(timeout);
  const late = deadline.passed.then((): PolicyAnswer => ({ is: 'late' }));
  const passed: Gate[] = [];
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
    return await Promise.race([answer.then((value): PolicyAnswer => ({ is: 'given', value })), late]);
  } finally {
    deadline.clear();
  }
}

async function started(call: () => unknown): Promise<unknown> {
  return call();
}

/** Whether a gate let through before the deadline. */
async function entered(gate: Gate, deadline: Promise<unknown>): Promise<boolean> {
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
