import DataLoader from 'dataloader';
import { notify } from '../../protocol/notify.ts';
import { createArgumentNames } from './argument-keys.ts';
import { callPolicy } from './call.ts';
import { createGate, type Gate } from './gate.ts';
import type { Policy, PolicyFault, PolicyRequest } from './policy.ts';

/** The policies of one execution: each question is asked once, and those of one moment together. */
export interface PolicyQuestions {
  ask(policy: string, request: PolicyRequest): Promise<boolean>;
}

export interface PolicyOptions {
  readonly policies: Readonly<Record<string, Policy>>;
  /** How long a question may wait and the policy may take, together, in milliseconds. */
  readonly timeout: number;
  /** How many calls may be in progress at once for one operation. */
  readonly operationCalls: number;
  /** The gate of a policy: it lets through what may be in progress at once for all operations. */
  readonly gateOf: (policy: string) => Gate;
  /** Hears why a policy denied that did not say so itself. Default: nobody does. */
  readonly onFault?: ((policy: string, reason: PolicyFault) => void) | undefined;
}

/** How many calls may wait at one gate. Each waits for a question's time at most. */
const mostWaiting = 1_000;

/** Makes the gates of a schema's policies. Each policy has one of its own, so that one that is stuck leaves the others alone. */
export function createPolicyGates(calls: number): PolicyOptions['gateOf'] {
  const gates = new Map<string, Gate>();
  return (policy) => entry(gates, policy, () => createGate(calls, mostWaiting));
}

/** @param context - of the execution; policies get it as it is */
export function createPolicyQuestions(options: PolicyOptions, context: unknown): PolicyQuestions {
  const { policies, timeout, onFault, gateOf } = options;
  const ofOperation = createGate(options.operationCalls, mostWaiting);
  const nameOf = createArgumentNames();
  const loaders = new Map<string, DataLoader<PolicyRequest, boolean>>();
  const asked = new Map<string, Map<unknown, Map<string, Promise<boolean>>>>();

  function loaderOf(name: string): DataLoader<PolicyRequest, boolean> {
    const known = loaders.get(name);
    if (known) return known;
    const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
    const loader = new DataLoader<PolicyRequest, boolean>(
      async (requests) =>
        policy
          ? verdictsOf(
              () => policy(requests, context),
              requests.length,
              [ofOperation, gateOf(name)],
              timeout,
              (fault) => notify(onFault, name, fault),
            )
          : requests.map(() => false),
      { cache: false },
    );
    loaders.set(name, loader);
    return loader;
  }

  return {
    ask(policy, request) {
      const key = nameOf(request.args);
      if (key === null) return loaderOf(policy).load(request);
      const ofPlace = entry(
        asked,
        `${policy} ${request.coordinate}`,
        () => new Map<unknown, Map<string, Promise<boolean>>>(),
      );
      const ofParent = entry(ofPlace, request.parent, () => new Map<string, Promise<boolean>>());
      return entry(ofParent, key, () => loaderOf(policy).load(request));
    },
  };
}

async function verdictsOf(
  call: () => unknown,
  size: number,
  gates: readonly Gate[],
  timeout: number,
  report: (fault: PolicyFault) => void,
): Promise<readonly boolean[]> {
  const denied = Array.from({ length: size }, () => false);
  try {
    const answer = await callPolicy(call, gates, timeout);
    if (answer.is !== 'given') {
      report({ is: answer.is });
      return denied;
    }
    const verdicts = answer.value;
    if (!Array.isArray(verdicts) || verdicts.length !== size) {
      report({ is: 'misshapen' });
      return denied;
    }
    return verdicts.map((verdict) => verdict === true);
  } catch (error) {
    report({ is: 'thrown', error });
    return denied;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
