import { OperationTypeNode } from 'graphql';
import { wordsOfForm } from '../../auth/algebra/words.ts';
import { requirementsOf } from '../../auth/rules/rule.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { claimsOf, type Persona, stranger } from './callers/persona.ts';
import type { FindPersonas } from './callers/short-of.ts';
import type { Endpoint, Reply, Transport } from './endpoints/endpoint.ts';
import { elementsOf, whyUnreached } from './elements.ts';
import { type Extent, extentOf } from './extent.ts';
import { shortJson, validDocuments } from './operations/documents.ts';
import { inputWays } from './operations/inputs.ts';
import { plainWay, type Way, waysOf } from './operations/ways.ts';
import { createWriter, type Style } from './operations/write.ts';
import { createRoutes } from './places/routes.ts';
import type { Target } from './places/target.ts';
import { createTargets } from './places/targets.ts';
import { createValues, type Examples } from '../values/values.ts';
import type { AttackReport, NotTried, WayIn } from './report/findings.ts';
import { createFindings, createUsage } from './report/collect.ts';
import type { Judge } from './verdict/judge.ts';
import { breachesOf, isReached } from './verdict/read-reply.ts';
import { rulesAt } from './verdict/rules-at.ts';
import { createChoice } from './seed.ts';

/** What an attack needs. */
export interface Attack {
  readonly source: Pick<RuleSource, 'name' | 'rules'>;
  readonly endpoint: Endpoint;
  readonly judge: Judge;
  readonly personas: FindPersonas;
  readonly examples: Examples;
  readonly seed: number;
  /** The coordinates of the elements that are attacked. Default: every element with a rule. */
  readonly only?: readonly string[] | undefined;
  /** How much is tried for each element. Default: what the number of elements allows. */
  readonly extent?: Extent | undefined;
  /** The number of ways in after which the attack ends. Default: it ends after all elements. */
  readonly stopAfter?: number | undefined;
  /** Called before each element. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Attacks each element with a rule. It sends the operations one after another. */
export async function runAttack(attack: Attack): Promise<AttackReport> {
  const { source, endpoint, judge, personas, seed, stopAfter = Number.POSITIVE_INFINITY } = attack;
  const { schema } = endpoint;
  const rules = rulesAt(schema, source.rules);
  const values = createValues({
    isRuled: (coordinate) => rules.ofElement(coordinate).length > 0,
    examples: attack.examples,
    scalars: { ID: stranger, String: 'attack' },
    fillsLists: true,
  });
  const routes = createRoutes(schema, rules, values);
  const write = createWriter(schema, rules, judge, values);
  const choose = createChoice(seed);
  const ownerFields = new Set(
    source.rules.flatMap((rule) =>
      requirementsOf(rule).flatMap(({ owner }) => (owner?.kind === 'field' ? owner.name : [])),
    ),
  );
  const reader = { schema, rules, judge, ownerFields };
  const only = attack.only && new Set(attack.only);
  const coordinates = elementsOf(source.rules).filter((coordinate) => !only || only.has(coordinate));
  const { extent = extentOf(coordinates.length) } = attack;
  const ways = waysOf(schema);
  const [mainTransport, ...otherTransports] = endpoint.transports;
  const targetsOf = createTargets(schema, rules, routes, values, extent.places);
  const findings = createFindings();
  const documentOf = validDocuments(schema);
  const notTried: NotTried[] = [];
  const tried: string[] = [];
  const callers = new Set<Persona>();
  const usage = createUsage();
  let furtherPlaces = 0;

  /** Chooses the transports of a way. The plain way is tried by all of them. */
  function transportsOf(way: string, { coordinate }: Target): readonly Transport[] {
    if (way === plainWay.name) return endpoint.transports;
    const others = choose(otherTransports, endpoint.perWay - 1, `${coordinate} ${way}`);
    return mainTransport ? [mainTransport, ...others] : others;
  }

  /**
   * Sends an operation by several transports.
   *
   * @returns the replies and whether one of them has the place, or why no valid operation can be written
   */
  async function send(way: string, target: Target, style: Style, persona: Persona): Promise<Sent | string> {
    const written = write(target, style, persona);
    const document = documentOf(written.text);
    if (typeof document === 'string') return document;
    callers.add(persona);
    const replies: Reply[] = [];
    const request = { ...written, document, target, persona };
    let reached = false;
    for (const { name, send: one } of transportsOf(way, target)) {
      const reply = await one(request);
      if (!reply) continue;
      replies.push(reply);
      const isHere = isReached(request, reply);
      if (isHere) reached = true;
      usage.add(name, isHere);
      for (const { rules: broken, ...breach } of breachesOf(reader, request, reply)) {
        findings.add({
          ...breach,
          elements: elementsOf(broken.filter((rule) => judge.opens([rule], persona) === 'no')),
          requires: wordsOfForm(judge.formOf(broken)),
          way,
          transport: name,
          persona: persona.name,
          claims: claimsOf(persona),
          operation: written.text,
          operationName: written.operationName ?? null,
          variables: shortJson(written.variables),
        });
      }
    }
    return { replies, reached };
  }

  /** Sends an operation for each persona. A way that is not valid at this place, such as two fields of a subscription, is left out. */
  async function goWay({ name, style }: Way, target: Target, some: readonly Persona[]): Promise<void> {
    for (const persona of some) await send(name, target, style, persona);
  }

  /** Finds those who lack a part of the rules of the element itself. Its place can have rules of other elements too. */
  function shortOfElement({ coordinate, own }: Target, some: readonly Persona[]): readonly Persona[] {
    const rules = own.filter((rule) => rule.coordinate === coordinate);
    const found = rules.length === own.length ? some : some.filter((one) => judge.opens(rules, one) === 'no');
    return found.length > 0 ? found : some;
  }

  function shortFirst(target: Target, some: readonly Persona[]): readonly Persona[] {
    return [...new Set([...shortOfElement(target, some), ...some])];
  }

  /** @returns why the place shows nothing, or null */
  async function attackTarget(target: Target): Promise<string | null> {
    const [way, own] = [judge.formOf(target.way), judge.formOf(target.own)];
    const short = shortFirst(target, personas.shortOf(way, own)).slice(0, extent.personas);
    if (short.length === 0) return 'no caller can be made whom its rules do not let in';
    const within = personas.within(way, own);
    let reason: string | null = null;
    if (within) {
      const sent = await send(plainWay.name, target, plainWay.style, within);
      if (typeof sent === 'string') return sent;
      if (!sent.reached) {
        const [error] = sent.replies.flatMap(({ errors }) => errors);
        reason = `a caller with all that its rules require gets no value there${error === undefined ? '' : `: ${error}`}`;
      }
    } else reason = 'no token can be made with all that its rules and the rules on the way require';
    await goWay(plainWay, target, short);
    const prepared = new Set(choose(ways, within ? extent.prepared : 0, target.coordinate));
    const chosen = (way: Way): readonly Persona[] => [
      ...(within && prepared.has(way) ? [within] : []),
      ...choose(shortOfElement(target, short), extent.perWay, `${target.coordinate} ${way.name}`),
    ];
    for (const one of ways) await goWay(one, target, chosen(one));
    if (target.kind !== 'input') return reason;
    for (const { target: other, ...one } of inputWays(target)) await goWay(one, other, chosen(one));
    return reason;
  }

  for (const [at, coordinate] of coordinates.entries()) {
    if (findings.all().length >= stopAfter) break;
    attack.onProgress?.(at, coordinates.length);
    const { targets, further } = targetsOf(coordinate);
    furtherPlaces += further;
    const isOpen = ({ route }: Target): boolean =>
      route.operation !== OperationTypeNode.MUTATION || endpoint.runsMutations;
    const reasons: (string | null)[] = [];
    for (const target of targets.filter(isOpen)) {
      if (findings.all().length < stopAfter) reasons.push(await attackTarget(target));
    }
    if (reasons.includes(null)) tried.push(coordinate);
    else if (findings.all().length < stopAfter) {
      const none =
        targets.length > 0 ? 'only mutations reach it, and mutations are not run' : whyUnreached(schema, coordinate);
      notTried.push({ coordinate, reason: reasons[0] ?? none });
    }
  }
  const seen = new Set([...tried, ...notTried.map(({ coordinate }) => coordinate)]);
  const left = coordinates.filter((coordinate) => !seen.has(coordinate));
  notTried.push(
    ...left.map((coordinate) => ({ coordinate, reason: 'the attack ended before it, at the limit of ways in' })),
  );
  const waysIn: readonly WayIn[] = findings.all();
  return {
    schema: source.name,
    seed,
    waysIn,
    notTried,
    tried,
    transports: usage.all(),
    counts: {
      elements: coordinates.length,
      tried: tried.length,
      notTried: notTried.length,
      waysIn: waysIn.length,
      operations: usage.operations(),
      callers: callers.size,
      furtherPlaces,
    },
  };
}

/** What the transports of one operation brought. */
interface Sent {
  readonly replies: readonly Reply[];
  readonly reached: boolean;
}
