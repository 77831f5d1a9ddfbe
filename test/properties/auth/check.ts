import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse, validate } from 'graphql';
import { choicesOf } from './choices.ts';
import { makeQuestion, type Question } from './document.ts';
import { type Answer, ask, type Engine } from './engine.ts';
import { makeModel } from './model.ts';
import { makeShape } from './shape.ts';

/** Questions to each schema: making one costs more than many of them. */
export const questionsEach = 8;

const tape = (length: number) => fc.uint8Array({ minLength: 0, maxLength: length, size: 'max' });

/** A schema, and questions to it. */
export const worlds = fc
  .tuple(tape(900), fc.array(tape(260), { minLength: 1, maxLength: questionsEach, size: 'max' }))
  .map(([schema, questions]) => {
    const shape = makeShape(choicesOf(schema));
    return {
      shape,
      questions: questions.map((each, at) => makeQuestion(choicesOf(each), shape, at % 4 === 3 ? 'mutation' : 'query')),
    };
  });

type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

/** What was seen, so that a run that shows nothing is seen to. */
export interface Seen {
  asked: number;
  refused: number;
  part: number;
  whole: number;
  mutations: number;
}

/** Holds an engine against the model for one world; throws where they differ. */
export async function check(engine: Engine, { shape, questions }: World, seen: Seen): Promise<void> {
  const model = makeModel(shape);
  const answer = ask(engine, shape);
  for (const question of questions) {
    const where = `${Object.values(shape.modules).join('\n')}\n${JSON.stringify(question, null, 1)}`;
    const faults = validate(model.plain, parse(question.document));
    assert.deepEqual(faults, [], where);
    const given = await answer(question);
    const mutation = question.document.includes('mutation This');
    const expected = await model.expect(question);
    // What a mutation has denied below its root fields is seen in the document, and not in what comes out.
    if (!mutation || !given.refused) assert.equal(text(given.data), text(expected.data), where);
    if (given.refused || expected.nothing) assertNothing(given, where);
    await assertMoreSeesMore(answer, question, given, where);
    seen.asked += 1;
    if (given.refused) seen.refused += 1;
    else if (given.errors > 0) seen.part += 1;
    else seen.whole += 1;
    if (mutation && !given.refused) seen.mutations += 1;
  }
}

function assertNothing({ data, read }: Answer, where: string): void {
  const values = Object.values(data ?? {}).filter((value) => value !== 'Query' && value !== 'Mutation');
  assert.ok(
    values.every((value) => value === null),
    where,
  );
  assert.deepEqual(read, [], where);
}

/** More scopes never see less: of a query, as of a mutation a refusal can turn into nulls that travel. */
async function assertMoreSeesMore(
  answer: (question: Question) => Promise<Answer>,
  question: Question,
  less: Answer,
  where: string,
): Promise<void> {
  const { caller } = question;
  if (caller === null) return;
  const more = await answer({ ...question, caller: { ...caller, scopes: ['s', 't', 'u', 's:all'] } });
  assert.ok(sees(more.data, less.data), `more scopes see less: ${where}`);
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
