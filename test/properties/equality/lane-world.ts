import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';
import { largeLimits as limits } from '../../conformance/auth/mount.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import type { Config } from '../../../src/config.ts';
import { executable } from '../../support/given.ts';
import { startLanePair, type PairWorld } from '../../support/lane/pair.ts';
import { tokenFor } from '../../support/lane/tokens.ts';
import type { World } from '../auth/check.ts';
import type { Way } from '../auth/engine.ts';
import { typeResolvers } from '../auth/generate/authors.ts';
import type { Choices } from '../auth/generate/choices.ts';
import { now, type Question } from '../auth/generate/document.ts';
import type { Shape } from '../auth/generate/shape.ts';
import { makeRoot, type Read, type Value } from '../auth/generate/values.ts';
import { failureOf } from './repeat.ts';

/** Counts of what a run covered. */
export interface LaneSeen {
  asked: number;
  /** Answers whose errors had another order. */
  raced: number;
  /** Answers whose errors differ below dropped branches. */
  dropped: number;
  lane: Record<string, number>;
  statuses: Record<string, number>;
}

/** How often the document of an operation is sent again with another caller, other variables and other values. */
const variants = 4;

/**
 * Sends each operation of a world to both servers, with tokens and bodies of several kinds.
 *
 * @param choose - chooses the headers, the bodies and the variants
 * @param seen - counts what the servers have answered
 */
export async function compareWorld(world: World, choose: Choices, seen: LaneSeen): Promise<void> {
  const { shape, way, questions } = world;
  const introspection = choose.one<Config['introspection']>(['open', 'open', 'authenticated', 'off']);
  const denial = choose.rarely(6) ? 'reject' : 'partial';
  // In half of the worlds, the lane compiles selections before their first object, or after one of them.
  const compileAfter = choose.one([Infinity, Infinity, 0, 1]);
  let { seed } = shape;
  const pair = await startLanePair({
    make: () => pairWorld(shape, way, denial, () => ({ ...shape, seed })),
    config: { limits, introspection },
    executor: { compileAfter, compileIntervalMs: 0 },
  });

  async function compare(question: Question, times: number): Promise<void> {
    const request = { headers: headersOf(question, choose), body: bodyOf(question, choose) };
    try {
      const { status } = await pair.compare(request, 'everything', times);
      seen.asked += 1;
      seen.statuses[status] = (seen.statuses[status] ?? 0) + 1;
    } catch (error) {
      const made = { way, denial, introspection, compileAfter, odd: shape.odd, seed };
      throw failureOf(error, ...Object.values(shape.modules), request, question, shape.authors, made);
    }
  }

  await pair.closeAfter(async () => {
    for (const question of [...questions, ...introspections(questions)]) {
      ({ seed } = shape);
      await compare(question, 2);
      for (let variant = 1; variant <= variants; variant += 1) {
        seed = shape.seed + variant;
        await compare(variantOf(question, questions, choose), 1);
      }
    }
    const { raced, dropped, lane } = await pair.seen();
    seen.raced += raced;
    seen.dropped += dropped;
    for (const [outcome, count] of Object.entries(lane)) seen.lane[outcome] = (seen.lane[outcome] ?? 0) + count;
  });
}

/** Returns a question about the same document, with the caller and the variables of other questions. */
function variantOf(question: Question, questions: World['questions'], choose: Choices): Question {
  const other = (): Question => questions[choose.below(questions.length)] ?? question;
  const { deep: _, ...rest } = question;
  return { ...rest, caller: other().caller, variables: choose.rarely(3) ? question.variables : other().variables };
}

/** Makes questions about the schema, by the callers of other questions. */
function introspections(questions: World['questions']): readonly Question[] {
  const documents = [
    '{ __schema { queryType { name } } }',
    '{ __type(name: "A") { name fields { name } } n __typename }',
  ];
  return documents.map((document, at) => ({
    document: `query This ${document}`,
    operationName: 'This',
    variables: {},
    caller: questions[at]?.caller ?? null,
  }));
}

function headersOf({ caller }: Question, choose: Choices): readonly string[] {
  const accept = choose.one<readonly string[]>([
    [],
    ['accept', '*/*'],
    ['accept', 'application/json'],
    ['accept', 'application/graphql-response+json'],
    ['accept', 'application/graphql-response+json, application/json;q=0.9'],
  ]);
  const type = choose.one(['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8']);
  const credential = caller === null ? [] : ['authorization', credentialOf(caller, choose)];
  return ['content-type', type, ...accept, ...credential];
}

/** Returns the credential of a caller. It is sometimes refused. */
function credentialOf(caller: NonNullable<Question['caller']>, choose: Choices): string {
  // Tokens are valid at the present time, and rules are decided at the time of the model.
  const token = tokenFor(caller);
  if (!choose.rarely(12)) return `Bearer ${token}`;
  return choose.one([
    `bearer ${token}`,
    `Bearer ${tokenFor(caller, { exp: 1_000 })}`,
    `Bearer ${tokenFor(caller, { aud: 'https://other.example' })}`,
    `Bearer ${token}x`,
    `DPoP ${token}`,
    `Bearer ${tokenFor(caller, { cnf: { jkt: 'x'.repeat(43) } })}`,
    'Bearer',
    '',
  ]);
}

/** Writes the body. A deep variable is written as text, because `JSON.stringify` would exhaust the stack. */
function bodyOf({ document: query, operationName, variables: sent, deep }: Question, choose: Choices): string {
  const variables = deep === undefined ? sent : { ...sent, f: deepMark };
  const whole = { query, operationName, variables };
  const changed = (): object =>
    choose.one<object>([
      { variables, operationName, query },
      { query, operationName: '', variables },
      { query, operationName: null, variables },
      { query, operationName: 'Missing', variables },
      { query, operationName, variables: null },
      { query, operationName, variables: { ...variables, unknown: 1 } },
      { query, operationName },
      { ...whole, extensions: {} },
      { ...whole, extensions: null, id: 'x' },
      { ...whole, query: `${query} ` },
    ]);
  const text = JSON.stringify(choose.rarely(6) ? changed() : whole);
  return deep === undefined ? text : text.replace(JSON.stringify(deepMark), () => deepText(deep));
}

const deepMark = 'a deep value';

/** Returns the JSON text of `nested`. */
function deepText(levels: number): string {
  let before = '';
  let after = '';
  for (let level = levels - 1; level >= 1; level -= 1) {
    before += level % 3 === 2 ? '{"h":[' : '{"g":';
    after = (level % 3 === 2 ? ']}' : '}') + after;
  }
  return `${before}{"i":1,"e":"Q"}${after}`;
}

/**
 * Makes the schema of one server. The root fields read the root value of the context.
 *
 * @param current - the shape with the seed of the next request
 */
function pairWorld(shape: Shape, way: Way, denial: 'partial' | 'reject', current: () => Shape): PairWorld {
  const read: Read[] = [];
  const calls: string[] = [];
  const fromRoot: GraphQLFieldResolver<unknown, { readonly root: Value }> = (_source, args, context, info) =>
    defaultFieldResolver(context.root, args, context, info);
  const roots = (type: 'Query' | 'Mutation') =>
    Object.fromEntries((shape.fieldsOf[type] ?? []).map((name) => [name, fromRoot]));
  const resolvers = { ...typeResolvers(shape.authors), Query: roots('Query'), Mutation: roots('Mutation') };
  const modules = Object.entries(shape.modules).map(([name, typeDefs]) => ({
    name,
    typeDefs,
    ...(name === 'main' && { resolvers }),
  }));
  const guarded = createGuardedSchema({
    ...(way === 'modules' ? { modules } : { schema: executable(modules, way) }),
    denial,
    clock: () => now * 1000,
    policies: {
      yes: (requests) => {
        calls.push(`policy yes ${requests.length}`);
        return requests.map(() => true);
      },
      no: async (requests) => {
        calls.push(`policy no ${requests.length}`);
        return requests.map(() => false);
      },
      odd: (requests) => requests.map(({ parent }) => (parent as { n?: unknown }).n === 1),
    },
  });
  return {
    guarded,
    context: () => ({ root: makeRoot(current(), read, false) }),
    takeRuns: () => [...calls.splice(0), ...read.splice(0).map(({ parent, field }) => `${parent}.${field}`)],
  };
}
