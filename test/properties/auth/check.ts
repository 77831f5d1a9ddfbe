import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse, validate } from 'graphql';
import { choicesOf } from './generate/choices.ts';
import { inputDepth, makeQuestion, type Question } from './generate/document.ts';
import { type Answer, ask, type Asked, type Decision, type Engine, type Way } from './engine.ts';
import { assertCode, assertErrors, assertRefusal, assertSameErrors } from './errors.ts';
import { makeModel, type Model } from './model/model.ts';
import { expectedDecision } from './model/expected-decision.ts';
import { makeShape, type Shape } from './generate/shape.ts';

/** How many questions each schema gets. Making a schema takes longer than many questions. */
export const questionsEach = 8;

const tape = (length: number) => fc.uint8Array({ minLength: 0, maxLength: length, size: 'max' });

/** A schema, and questions to it. */
export const worlds = fc
  .tuple(
    tape(900),
    fc.array(tape(260), { minLength: 5, maxLength: questionsEach + 3, size: 'max' }),
    fc.constantFrom<Way>('modules', 'SDL', 'extensions'),
  )
  .map(([schema, questions, way]) => {
    const shape = makeShape(choicesOf(schema));
    return {
      shape,
      way,
      questions: questions.map((each, at) => makeQuestion(choicesOf(each), shape, at % 3 === 2 ? 'mutation' : 'query')),
    };
  });

export type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

/** Counts of what a run covered, so that a run that covers too little fails. */
export interface Seen {
  asked: number;
  refused: number;
  part: number;
  whole: number;
  mutations: number;
  deep: number;
}

export const nothingSeen = (): Seen => ({ asked: 0, refused: 0, part: 0, whole: 0, mutations: 0, deep: 0 });

/** Compares an engine with the model for one world. It throws if they differ. */
export async function check(engine: Engine, { shape, questions, way }: World, seen: Seen): Promise<void> {
  const model = makeModel(shape);
  const asked = ask(engine, shape, way);
  for (const question of questions) {
    try {
      await checkOne(asked, model, shape, question, seen);
    } catch (error) {
      const where = `${Object.values(shape.modules).join('\n')}\n${JSON.stringify([question, shape.authors, { odd: shape.odd, seed: shape.seed, way }], null, 1)}`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${where}`, { cause: error });
    }
  }
}

async function checkOne(asked: Asked, model: Model, shape: Shape, question: Question, seen: Seen): Promise<void> {
  const document = parse(question.document);
  assert.deepEqual(validate(model.plain, document), []);
  const decision = asked.decide(question, document);
  const given = await asked.execute(question, document);
  const alone = await asked.execute(question, parse(question.document));
  seen.asked += 1;
  for (const { parent, field, ...read } of [...given.read, ...alone.read]) {
    const may = model.mayHaveRead({ parent, field, ...read }, question.caller);
    assert.ok(may, `${parent}.${field} was read, and the caller may not read it or not supply its arguments`);
  }
  if ((question.deep ?? 0) > inputDepth) {
    seen.deep += 1;
    assert.deepEqual(decision, { kind: 'thrown', code: 'LIMIT_EXCEEDED' });
    if (question.document.includes('mutation This')) assertNothing(alone);
    return;
  }
  assert.equal(text(alone.data), text(given.data), 'the guard alone gives the data that plan and guard give');
  assertSameErrors(given, alone);
  await checkJudged(asked, model, shape, question, { decision, given, seen });
}

interface Found {
  readonly decision: Decision;
  readonly given: Answer;
  readonly seen: Seen;
}

async function checkJudged(
  asked: Asked,
  model: Model,
  shape: Shape,
  question: Question,
  { decision, given, seen }: Found,
): Promise<void> {
  const mutation = question.document.includes('mutation This');
  const wanted = expectedDecision(question, model, shape);
  if (wanted.kind === 'wrong') {
    assert.equal(given.data, undefined);
    assert.deepEqual(given.read, []);
    return;
  }
  if (wanted.kind === 'deep') {
    // A literal around a variable: each is within the limit, and together they exceed it.
    if (decision.kind === 'thrown') assert.equal(decision.code, 'LIMIT_EXCEEDED');
    if (decision.kind === 'thrown' && mutation) assertNothing(given);
    return;
  }
  if (decision.kind === 'thrown') {
    assert.deepEqual([decision.code, wanted.kind], ['BAD_USER_INPUT', 'unjudged']);
    assertNothing(given);
    return;
  }
  const either = wanted.kind === 'unjudged' || (wanted.hasUnreachable && decision.kind === 'refuse');
  if (!either) assert.equal(decision.kind, wanted.kind, 'the plan refuses what is denied');
  const refused = decision.kind === 'refuse';
  if (refused) {
    if (wanted.kind === 'refuse') assertCode(decision.code, wanted.rules, question, !mutation);
    if (mutation) assertRefusal(decision, given);
  }
  const expected = await model.expect(question);
  // A denial below the root fields of a mutation is visible in the document, and not in the result.
  const nothing = (refused && mutation) || wanted.deniedRoot;
  if (refused || nothing) assertNothing(given);
  if (!nothing) {
    assert.equal(text(given.data), text(expected.data));
    assertErrors(given, expected, question);
  }
  await assertMoreSeesMore(asked, question, given);
  if (refused) seen.refused += 1;
  else if (given.errors.length > 0) seen.part += 1;
  else seen.whole += 1;
  if (mutation && !nothing) seen.mutations += 1;
}

function assertNothing({ data, read }: Answer): void {
  const values = Object.values(data ?? {}).filter((value) => value !== 'Query' && value !== 'Mutation');
  assert.ok(
    values.every((value) => value === null),
    'a refused operation has no data',
  );
  assert.deepEqual(
    read.map(({ field }) => field),
    [],
    'a refused operation runs nothing',
  );
}

/** Checks that more scopes never return less data. A null in the result with fewer scopes may become any value. */
async function assertMoreSeesMore(asked: Asked, question: Question, less: Answer): Promise<void> {
  const { caller } = question;
  if (caller === null) return;
  const more = await asked.execute(
    { ...question, caller: { ...caller, scopes: ['s', 't', 'u', 's:all'] } },
    parse(question.document),
  );
  assert.ok(sees(more.data, less.data), 'more scopes see no less');
}

function sees(more: unknown, less: unknown): boolean {
  if (less === null || less === undefined) return true;
  if (typeof less !== 'object') return more === less;
  if (typeof more !== 'object' || more === null) return false;
  return Object.entries(less).every(([key, value]) => sees((more as Readonly<Record<string, unknown>>)[key], value));
}

function text(data: unknown): string {
  return JSON.stringify(data ?? null);
}
