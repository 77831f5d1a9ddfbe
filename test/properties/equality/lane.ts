import * as fc from 'fast-check';
import { worlds } from '../auth/check.ts';
import { randomChoices } from '../auth/generate/choices.ts';
import { failOnUnhandled } from '../auth/unhandled-rejections.ts';
import { compareWorld, type LaneSeen } from './lane-world.ts';
import { type Doses, repeat } from './repeat.ts';

/**
 * Compares a server with the lane with a server without it, for generated schemas, operations, callers and bodies.
 *
 * @returns counts of what was compared
 * @throws Error if the servers differ, or if a rejection was not handled
 */
export async function compareLane(doses: Doses): Promise<LaneSeen> {
  const seen: LaneSeen = { asked: 0, raced: 0, dropped: 0, lane: {}, statuses: {} };
  await failOnUnhandled(async (assertHandled) =>
    repeat(
      'lane',
      fc.tuple(worlds, fc.nat()),
      async ([world, seed]) => {
        const before = seen.asked;
        await compareWorld(world, randomChoices(seed), seen);
        await assertHandled();
        return seen.asked - before;
      },
      doses,
    ),
  );
  return seen;
}
