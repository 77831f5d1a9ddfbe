import { inspect } from 'node:util';
import { type Random, seeded } from '../random.ts';
import type { Attack } from './attack.ts';
import { due, Hang } from './due.ts';
import { assertFinished, brokenAttacks } from './broken.ts';
import { honest, httpAttacks } from './http.ts';
import { compileSelections, hotDocuments } from './hot.ts';
import { laneAttacks } from './lane.ts';
import { oauthAttacks } from './oauth.ts';
import { socketAttacks } from './sockets.ts';
import type { Target } from './targets.ts';

export interface CampaignOptions {
  readonly seconds: number;
  readonly seed: number;
  /** How many hostile acts run at the same time. Default: 8. */
  readonly clients?: number;
  /** Called after each measurement of the heap. Default: no-op. */
  readonly onHeap?: (heapBytes: number, elapsedMs: number) => void;
}

/** The result of an attack on one target. */
export interface Outcome {
  /**
   * Violations: the process ended, a request hung, an honest client was not served, or the heap grew. Empty: there is
   * none.
   */
  readonly faults: readonly string[];
  /** How often each label occurred. */
  readonly counts: Readonly<Record<string, number>>;
  /** The median heap sizes of the second and the third part of the run, in bytes. */
  readonly heapBytes: { readonly middle: number; readonly last: number };
}

/** The run stops after this many faults. */
const mostFaults = 10;

/** Attacks a target for this many seconds, and measures its heap during this time. */
export async function attack(target: Target, options: CampaignOptions): Promise<Outcome> {
  const { seconds, seed, clients = 8, onHeap = () => {} } = options;
  const compiled = await compileSelections(target);
  const start = performance.now();
  const endMs = start + seconds * 1_000;
  const faults = new Set<string>();
  const counts = new Map<string, number>();
  const heaps: number[] = [];
  const going = (): boolean => performance.now() < endMs && faults.size < mostFaults && target.faults().length === 0;
  const ofOrigin = target.origin === null ? [] : oauthAttacks;
  const attacks = [...httpAttacks, ...laneAttacks, ...brokenAttacks, ...socketAttacks, ...ofOrigin];

  async function client(random: Random): Promise<void> {
    while (going()) {
      const act = choose(random, attacks);
      try {
        const label = await act(target, random);
        counts.set(label, (counts.get(label) ?? 0) + 1);
      } catch (error) {
        faults.add(error instanceof Hang ? error.message : inspect(error));
      }
    }
  }

  async function honestClient(): Promise<void> {
    while (going()) {
      try {
        await honest(target);
      } catch (error) {
        faults.add(`${error instanceof Error ? error.message : inspect(error)} ${causeOf(error)}`);
      }
      await pause(250);
    }
  }

  async function measure(): Promise<void> {
    // At least 20 measurements in each third. The interval is at least 500 ms.
    const everyMs = Math.max(500, (seconds * 1_000) / 90);
    while (going()) {
      await pause(everyMs);
      try {
        const bytes = await due(target.heapBytes(), () => 'the collection of garbage');
        heaps.push(bytes);
        onHeap(bytes, performance.now() - start);
      } catch (error) {
        if (target.faults().length === 0) faults.add(inspect(error));
      }
    }
  }

  const randoms = Array.from({ length: clients }, (_, index) => seeded(seed + index));
  await Promise.all([...randoms.map(client), honestClient(), measure()]);
  if (target.faults().length === 0) {
    await assertFinished(target.http).catch((error: unknown) => faults.add(inspect(error)));
  }
  const laneAnswers = target.faults().length > 0 ? null : await target.laneAnswers();
  if (laneAnswers !== null) counts.set('answers of the lane', laneAnswers);
  if (laneAnswers === 0) faults.add('the lane has answered no request');
  if (compiled !== null) counts.set('compiled selections', compiled);
  if (compiled !== null && compiled < hotDocuments.length) faults.add(`only ${compiled} selections were compiled`);
  const middle = median(heaps.slice(Math.floor(heaps.length / 3), Math.floor((2 * heaps.length) / 3)));
  const last = median(heaps.slice(Math.floor((2 * heaps.length) / 3)));
  if (last > middle * 1.1 + 10_000_000) faults.add(`the heap grew from ${middle} to ${last} bytes`);
  return {
    faults: [...target.faults(), ...faults],
    counts: Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b))),
    heapBytes: { middle, last },
  };
}

function choose(random: Random, attacks: readonly (readonly [weight: number, attack: Attack])[]): Attack {
  let at = random.below(attacks.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, act] of attacks) {
    if (at < weight) return act;
    at -= weight;
  }
  throw new Error('no attack has this number');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function causeOf(error: unknown): string {
  return error instanceof Error && error.cause ? inspect(error.cause) : '';
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
