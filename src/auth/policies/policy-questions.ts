import DataLoader from 'dataloader';
import { notify } from '../../protocol/notify.ts';
import { createArgumentKeys } from './argument-keys.ts';
import { callPolicy } from './call.ts';
import { createGate, type CallGate } from './gate.ts';
import type { Policy, PolicyFault, PolicyRequest } from './policy.ts';

/**
 * Asks the policies during one execution, or for one event of a subscription. Equal questions are asked only one time,
 * unless JSON cannot represent their arguments exactly. All questions to one policy in one turn of the event loop share
 * a call.
 */
export interface PolicyQuestions {
  ask(policy: string, request: PolicyRequest): Promise<boolean>;
}

/** The policies of a schema, and the bounds on their calls. */
export interface PolicyOptions {
  readonly policies: Readonly<Record<string, Policy>>;
  /**
   * The time limit of a question, in milliseconds. It includes the wait for a free place and the call of the policy.
   */
  readonly timeoutMs: number;
  /**
   * How many calls may be in progress at the same time for one execution. Calls for SHADOW rules are counted
   * separately.
   */
  readonly operationCalls: number;
  /** Returns the gate of a policy, which bounds its calls over all operations. */
  readonly gateOf: (policy: string) => CallGate;
  /**
   * Called if a call of a policy returned no usable verdicts. The questions of this call are denied. Default: no-op.
   */
  readonly onFault?: ((policy: string, reason: PolicyFault) => void) | undefined;
}

/** How many calls may wait at one gate. */
const maxWaiting = 1_000;

/**
 * Makes the gates of a schema's policies. Each policy has its own gate. Therefore a policy that never settles does not
 * block other policies in other operations.
 *
 * @param calls - how many calls of one policy may be in progress at the same time
 */
export function createPolicyGates(calls: number): PolicyOptions['gateOf'] {
  const gates = new Map<string, CallGate>();
  return (policy) => entry(gates, policy, () => createGate(calls, maxWaiting));
}

/**
 * Makes the object that asks the policies during one execution.
 *
 * @param context - the context value of the execution, which policies receive unchanged
 */
export function createPolicyQuestions(options: PolicyOptions, context: unknown): PolicyQuestions {
  const { policies, timeoutMs, onFault, gateOf } = options;
  const ofOperation = createGate(options.operationCalls, maxWaiting);
  const keyOf = createArgumentKeys();
  const loaders = new Map<string, DataLoader<PolicyRequest, boolean>>();
  const verdicts = new Map<string, Map<unknown, Map<string, Promise<boolean>>>>();

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
              timeoutMs,
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
      const key = keyOf(request.args);
      if (key === null) return loaderOf(policy).load(request);
      const ofPlace = entry(
        verdicts,
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
  gates: readonly CallGate[],
  timeoutMs: number,
  report: (fault: PolicyFault) => void,
): Promise<readonly boolean[]> {
  const denied = Array.from({ length: size }, () => false);
  try {
    const answer = await callPolicy(call, gates, timeoutMs);
    if (answer.is !== 'returned') {
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
