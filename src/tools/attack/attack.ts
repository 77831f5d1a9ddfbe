import { type DocumentNode, GraphQLError, type GraphQLSchema, OperationTypeNode, parse, validate } from 'graphql';
import { wordsOfForm } from '../../auth/algebra/words.ts';
import { requirementsOf } from '../../auth/rules/rule.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { claimsOf, type Persona } from './callers/persona.ts';
import type { FindPersonas } from './callers/short-of.ts';
import type { Endpoint, Reply } from './endpoints/endpoint.ts';
import { inputWays } from './operations/inputs.ts';
import { plainWay, type Way, ways } from './operations/ways.ts';
import { createWriter, type Style } from './operations/write.ts';
import { createRoutes } from './places/routes.ts';
import type { Target } from './places/target.ts';
import { createTargets } from './places/targets.ts';
import { createValues, type Examples } from './places/values.ts';
import type { AttackReport, NotTried, WayIn } from './report/findings.ts';
import { createFindings } from './report/collect.ts';
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
  /** The number of ways in after which the attack ends. Default: it ends after all elements. */
  readonly stopAfter?: number | undefined;
  /** Called before each element. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** How much is tried for each element. A schema with many rules is tried less. */
interface Extent {
  /** The places of an element. */
  readonly places: number;
  /** The personas on the plain way. */
  readonly personas: number;
  /** The personas on each other way. */
  readonly perWay: number;
}

const small: Extent = { places: 12, personas: 10, perWay: 3 };
const large: Extent = { places: 2, personas: 4, perWay: 1 };

/** The number of elements with a rule from which a schema is large. */
const largeFrom = 150;

/** Attacks each element with a rule. It sends the operations one after another. */
export async function runAttack(attack: Attack): Promise<AttackReport> {
  const { source, endpoint, judge, personas, seed, stopAfter = Number.POSITIVE_INFINITY } = attack;
  const { schema } = endpoint;
  const rules = rulesAt(schema, source.rules);
  const values = createValues(rules, attack.examples);
  const routes = createRoutes(schema, rules, values);
  const write = createWriter(schema, rules, judge, values);
  const choose = createChoice(seed);
  const ownerFields = new Set(
    source.rules.flatMap((rule) =>
      requirementsOf(rule).flatMap(({ owner }) => (owner?.kind === 'field' ? owner.name : [])),
    ),
  );
  const reader = { schema, rules, judge, ownerFields };
  const coordinates = [
    ...new Set(source.rules.filter(({ mode }) => mode === 'ENFORCE').map((rule) => rule.coordinate)),
  ];
  const extent = coordinates.length < largeFrom ? small : large;
  const targetsOf = createTargets(schema, rules, routes, values, extent.places);
  const findings = createFindings();
  const documentOf = validDocuments(endpoint);
  const notTried: NotTried[] = [];
  const tried: string[] = [];
  const callers = new Set<Persona>();
  let operations = 0;
  let furtherPlaces = 0;

  /** Sends an operation with every transport. @returns the replies, or why no valid operation can be written */
  async function send(way: string, target: Target, style: Style, persona: Persona): Promise<readonly Reply[] | string> {
    const written = write(target, style, persona);
    const document = documentOf(written.text);
    if (typeof document === 'string') return document;
    callers.add(persona);
    const replies: Reply[] = [];
    for (const { name, send: one } of endpoint.transports) {
      operations += 1;
      const request = { ...written, document, target, persona };
      const reply = await one(request);
      replies.push(reply);
      for (const { rules: broken, ...breach } of breachesOf(reader, request, reply)) {
        findings.add({
          ...breach,
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
    return replies;
  }

  /** Sends an operation for each persona. A way that is not valid at this place, such as two fields of a subscription, is left out. */
  async function goWay({ name, style }: Way, target: Target, some: readonly Persona[]): Promise<void> {
    for (const persona of some) await send(name, target, style, persona);
  }

  /** @returns why the place shows nothing, or null */
  async function attackTarget(target: Target): Promise<string | null> {
    const [way, own] = [judge.formOf(target.way), judge.formOf(target.own)];
    const short = personas.shortOf(way, own).slice(0, extent.personas);
    if (short.length === 0) return 'no caller can be made whom its rules do not let in';
    const within = personas.within(way, own);
    let reason: string | null = null;
    if (within) {
      const replies = await send(plainWay.name, target, plainWay.style, within);
      if (typeof replies === 'string') return replies;
      if (!replies.some((reply) => isReached(target, reply))) {
        const [error] = replies.flatMap(({ errors }) => errors);
        reason = `a caller with all that its rules require gets no value there${error === undefined ? '' : `: ${error}`}`;
      }
    } else reason = 'no token can be made with all that its rules and the rules on the way require';
    await goWay(plainWay, target, short);
    const chosen = ({ name }: Way): readonly Persona[] => choose(short, extent.perWay, `${target.coordinate} ${name}`);
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
        targets.length > 0 ? 'only mutations reach it, and mutations are not run' : 'no operation reaches it';
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
    counts: {
      elements: coordinates.length,
      tried: tried.length,
      notTried: notTried.length,
      waysIn: waysIn.length,
      operations,
      callers: callers.size,
      furtherPlaces,
    },
  };
}

/** Makes the function that parses and validates an operation. A text is the reason why it is not valid. */
function validDocuments({ schema }: Endpoint) {
  let last: { readonly text: string; readonly document: DocumentNode | string } | null = null;
  return (text: string): DocumentNode | string => {
    if (last?.text !== text) last = { text, document: validDocument(schema, text) };
    return last.document;
  };
}

function validDocument(schema: GraphQLSchema, text: string): DocumentNode | string {
  try {
    const document = parse(text);
    const [fault] = validate(schema, document, undefined, { maxErrors: 1 });
    return fault
      ? `no valid operation can be written for it: ${fault.message}; give an example of its arguments`
      : document;
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Writes variables as JSON. Variables that are too deep for it are named only. */
function shortJson(variables: Readonly<Record<string, unknown>>): string {
  try {
    const text = JSON.stringify(variables);
    return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
  } catch {
    return `{ ${Object.keys(variables).join(', ')}: nested deep }`;
  }
}
