import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse, validate } from 'graphql';
import { choicesOf } from './generate/choices.ts';
import { inputDepth, makeQuestion, type Question } from './generate/document.ts';
import { type Answer, ask, type Asked, type Decision, type Engine, type Way } from './engine.ts';
import { assertCode, assertErrors, assertRacedErrors, assertRefusal, assertSameErrors } from './errors.ts';
import { makeModel, type Model } from './model/model.ts';
import { expectedDecision } from './model/expected-decision.ts';
import { makeShape, type Shape } from './generate/shape.ts';

/** How many questions each schema gets. Making a schema takes longer than many questions. */
export const questionsEach = 8;

const tape = (length: number) => fc.uint8Array({ minLength: 0, maxLength: length, size: 'max' });

/**
 * Schemas, and questions to each of them.
 *
 * @param isWide - whether the question with this number has selections with many fields
 */
export const makeWorlds = (isWide: (at: number) => boolean) =>
  fc
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
        questions: questions.map((each, at) =>
          makeQuestion(choicesOf(each), shape, at % 3 === 2 ? 'mutation' : 'query', isWide(at)),
        ),
      };
    });

export const worlds = makeWorlds((at) => at === 1);

export type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

/** Counts of what a run covered, so that a run that covers too little fails. */
export interface Seen {
  asked: number;
  refused: number;
  part: number;
  whole: number;
  mutations: number;
  deep: number;
  /** Operations that also ran in compiled code. */
  compiled: number;
}

export const nothingSeen = (): Seen => ({
  asked: 0,
  refused: 0,
  part: 0,
  whole: 0,
  mutations: 0,
  deep: 0,
  compiled: 0,
});

/** Compares an engine with the model for one world. It throws if they differ. */
export async function check(engine: Engine, { shape, questions, way }: World, seen: Seen): Promise<void> {
  const model = makeModel(shape);
  const asked = ask(engine, shape, way);
  for (const [at, question] of questions.entries()) {
    try {
      await checkOne(asked, model, shape, question, seen, at % 2 === 1);
    } catch (error) {
      const where = `${Object.values(shape.modules).join('\n')}\n${JSON.stringify([question, shape.authors, { odd: shape.odd, seed: shape.seed, way }], null, 1)}`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${where}`, { cause: error });
    }
  }
}

/** @param compiled - whether the operation also runs in compiled code */
async function checkOne(
  asked: Asked,
  model: Model,
  shape: Shape,
  question: Question,
  seen: Seen,
  compiled: boolean,
): Promise<void> {
  const document = parse(question.document);
  assert.deepEqual(validate(model.plain, document), []);
  const decision = asked.decide(question, document);
  const given = await asked.execute(question, document);
  const { alone, more, isCompiled } = await executeAlone(asked, question, compiled);
  seen.asked += 1;
  if (isCompiled) seen.compiled += 1;
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
  if (isCompiled) assertRacedErrors(given, alone);
  else assertSameErrors(given, alone);
  await checkJudged(asked, model, shape, question, { decision, given, seen, more });
}

/** An answer without a plan, and the answer for a caller with more scopes. `null`: it has not been executed. */
interface Alone {
  readonly alone: Answer;
  readonly more: Answer | null;
  readonly isCompiled: boolean;
}

/**
 * Executes an operation without its plan, with graphql-js or in compiled code. The code is compiled for a caller with more
 * scopes, so that it would show what it keeps of this caller.
 */
async function executeAlone(asked: Asked, question: Question, compiled: boolean): Promise<Alone> {
  const document = parse(question.document);
  // Some depths exhaust the stack, and the frames of the two executors differ in size.
  if (compiled && (question.deep ?? 0) <= inputDepth) {
    const more = question.caller && (await asked.executeCompiled(withMoreScopes(question), document));
    const alone = await asked.executeCompiled(question, document);
    if (alone !== null) return { alone, more, isCompiled: true };
  }
  return { alone: await asked.execute(question, document), more: null, isCompiled: false };
}

interface Found {
  readonly decision: Decision;
  readonly given: Answer;
  readonly seen: Seen;
  readonly more: Answer | null;
}

async function checkJudged(
  asked: Asked,
  model: Model,
  shape: Shape,
  question: Question,
  { decision, given, seen, more }: Found,
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
  await assertMoreSeesMore(asked, question, given, more);
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
async function assertMoreSeesMore(
  asked: Asked,
  question: Question,
  less: Answer,
  executed: Answer | null,
): Promise<void> {
  if (question.caller === null) return;
  const more = executed ?? (await asked.execute(withMoreScopes(question), parse(question.document)));
  assert.ok(sees(more.data, less.data), 'more scopes see no less');
}

/** Returns the question of a caller with all scopes. */
export function withMoreScopes(question: Question): Question {
  return { ...question, caller: { ...question.caller, scopes: ['s', 't', 'u', 's:all'] } };
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
