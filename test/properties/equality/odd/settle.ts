import { reasonOf } from './leaves.ts';
import type { Script } from './script.ts';

type Yes = (value: unknown) => unknown;
type No = (reason: unknown) => unknown;

/** Returns, throws or promises a value, in one of the ways that graphql-js meets. The number chooses the way. */
export function dressed(make: () => unknown, random: number, script: Script): unknown {
  const fails = random % 17 === 0;
  const now = (): unknown => {
    if (fails) throw reasonOf(random >>> 5);
    return make();
  };
  switch ((random >>> 6) % 18) {
    case 0:
      return Promise.resolve().then(now);
    case 1:
      return later((random >>> 9) % 4).then(now);
    case 2:
      return thenable((yes, no) => later(1).then(now).then(yes, no));
    case 3:
      // It calls back at once, and returns what the callback returned.
      return fails ? make() : thenable((yes) => yes(make()));
    case 4:
      return random % 5 === 0 ? (odder[(random >>> 9) % odder.length] ?? make)(make, random, script) : make();
    case 5:
      return random % 3 === 0 ? new Error('returned') : make();
    case 6:
    case 7:
      return script.wait(random % 101).then(now);
    case 8:
      return random % 7 === 0 ? script.wait(random % 101).then(() => Promise.reject(reasonOf(random >>> 5))) : now();
    default:
      return fails ? late(now) : make();
  }
}

/**
 * Values that are like promises, and break the rules of promises. A `then` that changes between two readings is not among
 * them: the message of its TypeError names a variable of graphql-js.
 */
const odder: readonly ((make: () => unknown, random: number, script: Script) => unknown)[] = [
  (make) => thenable((yes) => rawAfter(() => yes(make()))),
  (make) =>
    thenable((yes) => {
      yes(make());
      return yes(make());
    }),
  (make, random) =>
    thenable((yes, no) => {
      no(reasonOf(random));
      return yes(make());
    }),
  (make, random) =>
    thenable((yes, no) => {
      yes(make());
      return no(reasonOf(random));
    }),
  (_, random) => thenable((_yes, no) => no(reasonOf(random))),
  (make) => thenable((yes) => void yes(make())),
  (_, random) =>
    thenable(() => {
      throw reasonOf(random);
    }),
  (make, random) =>
    thenable((yes) => {
      yes(make());
      throw reasonOf(random);
    }),
  (make, random, script) =>
    thenable((yes) => script.wait(random % 101).then(() => yes(thenable((again) => again(make()))))),
  (make, random, script) =>
    thenable((yes) =>
      script.wait(random % 101).then(() => yes(thenable((again) => again(thenable((third) => third(make())))))),
    ),
  (make, random, script) =>
    thenable(async (yes, no) => {
      await script.wait(random % 101);
      let value: unknown;
      try {
        value = make();
      } catch (error) {
        return no(error); // Otherwise it would never settle, and no server would answer.
      }
      await yes(value);
      return no(new Error('settled twice'));
    }),
  (_, random) => ({
    // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
    get then(): unknown {
      throw reasonOf(random);
    },
  }),
  // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
  (make) => Object.assign(() => make(), { then: (yes: Yes) => Promise.resolve(make()).then(yes) }),
  // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
  (make) => Object.assign(Promise.resolve(), { then: (yes: Yes) => yes(make()) }),
  (make) => new Proxy(Promise.resolve().then(make), { get: (target, name) => boundMember(target, name) }),
];

function boundMember(target: object, name: string | symbol): unknown {
  const found: unknown = Reflect.get(target, name);
  return typeof found === 'function' ? found.bind(target) : found;
}

function thenable(then: (yes: Yes, no: No) => unknown): unknown {
  // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
  return { then };
}

/** Returns a value that no part of graphql-js has completed. */
function rawAfter(call: () => unknown): unknown {
  call();
  return 'a raw "text"';
}

function late(now: () => unknown): Promise<unknown> {
  return new Promise((resolve) => resolve(now()));
}

/** Resolves after some turns of the event loop. */
async function later(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
}
