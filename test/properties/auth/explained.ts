import assert from 'node:assert/strict';
import type { Arbitrary } from 'fast-check';
import {
  defaultFieldResolver,
  execute,
  type GraphQLError,
  getLocation,
  type GraphQLSchema,
  parse,
  responsePathAsArray,
} from 'graphql';
import type { ExplainedElement, OperationExplanation } from '../../../src/auth/explain/explanation.ts';
import type { worlds } from './check.ts';
import { type Answer, ask, type Asked, type Engine } from './engine.ts';
import { isDenial } from './errors.ts';
import { type Question, variablesOf } from './generate/document.ts';
import { calm } from './generate/dress.ts';
import type { Shape } from './generate/shape.ts';
import { makeRoot, settledOf } from './generate/values.ts';
import { makeModel, type Model, type Path } from './model/model.ts';

type World = typeof worlds extends Arbitrary<infer W> ? W : never;

/** Counts of what a run covered. */
export interface Explained {
  asked: number;
  runs: number;
  inPart: number;
  depends: number;
  refused: number;
  denied: number;
  leastScopes: number;
}

export const nothingExplained = (): Explained => ({
  asked: 0,
  runs: 0,
  inPart: 0,
  depends: 0,
  refused: 0,
  denied: 0,
  leastScopes: 0,
});

/** A field that the operation reads if nothing is denied. */
interface Visited {
  readonly path: Path;
  readonly parent: string;
  readonly places: ReadonlySet<string>;
  readonly isNull: boolean;
}

/** Explains each operation of a world, runs it, and compares. It throws if they differ. */
export async function checkExplanations(engine: Engine, { shape, questions, way }: World, seen: Explained) {
  const model = makeModel(shape);
  const asked = ask(engine, shape, way);
  for (const question of questions) {
    const explanation = asked.explain(question, parse(question.document));
    try {
      await checkOne(asked, model, shape, question, explanation, seen);
      await checkLeastScopes(asked, question, explanation, seen);
    } catch (error) {
      const where = `${Object.values(shape.modules).join('\n')}\n${JSON.stringify([question, explanation, way], null, 1)}`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${where}`, { cause: error });
    }
  }
}

async function checkOne(
  asked: Asked,
  model: Model,
  shape: Shape,
  question: Question,
  explanation: OperationExplanation,
  seen: Explained,
): Promise<void> {
  seen.asked += 1;
  const { outcome, code, faults, elements, elementsCapped } = explanation;
  const document = parse(question.document);
  const decision = asked.decide(question, document);
  const answer = await asked.execute(question, document);
  const isWrong = decision.kind === 'run' && answer.data === undefined; // The executor cannot coerce a variable.
  assert.equal(outcome === 'REFUSED', decision.kind !== 'run' || isWrong, 'REFUSED says that nothing runs');
  assert.equal(code, decision.kind === 'run' ? (isWrong ? 'BAD_USER_INPUT' : null) : decision.code);
  if (outcome === 'REFUSED') {
    seen.refused += 1;
    // A transport does not execute it. Executed anyway, the guard alone refuses what rules deny.
    if (decision.kind !== 'thrown') assertNothingRan(answer);
    return;
  }
  if (faults.length > 0) return; // An argument cannot be judged. The executor reports it.
  assert.equal(elementsCapped, false);
  const denials = answer.errors.filter(isDenial);
  if (outcome === 'RUNS') {
    seen.runs += 1;
    assert.deepEqual(denials, []);
    assert.ok(elements.every(({ decision }) => decision === 'ALLOW'));
    return;
  }
  seen[outcome === 'DEPENDS' ? 'depends' : 'inPart'] += 1;
  for (const denial of denials) assertExplained(denial, explanation);
  await assertDenied(model, shape, question, explanation, answer, seen);
}

function assertNothingRan({ data, read }: Answer): void {
  assert.deepEqual(read, []);
  const values = Object.values(data ?? {}).filter((value) => value !== 'Query' && value !== 'Mutation');
  assert.ok(values.every((value) => value === null));
}

/** Each denial is at an element that was explained as DENY or, if the outcome is DEPENDS, as DEPENDS. */
function assertExplained(denial: GraphQLError, { outcome, elements }: OperationExplanation): void {
  const places = new Set((denial.locations ?? []).map(({ line, column }) => `${line}:${column}`));
  if (places.size === 0) return; // The error that more than 100 denials share.
  const here = elements.filter((element) => places.has(placeOf(element))).map(({ decision }) => decision);
  const expected = outcome === 'DEPENDS' ? ['DENY', 'DEPENDS'] : ['DENY'];
  assert.ok(
    // A mutation is denied as a whole, by a value at one of its root fields.
    here.some((decision) => expected.includes(decision)) || elements.some(isRootThatDepends),
    `${denial.message} at ${[...places].join()} was not explained`,
  );
}

function isRootThatDepends({ path, decision }: ExplainedElement): boolean {
  return path.length === 1 && decision === 'DEPENDS';
}

/** Each DENY element is denied wherever the operation would read it. */
async function assertDenied(
  model: Model,
  shape: Shape,
  question: Question,
  { elements }: OperationExplanation,
  { data }: Answer,
  seen: Explained,
): Promise<void> {
  const denies = elements.filter(({ decision }) => decision === 'DENY');
  if (denies.length === 0) return;
  const visits = await visitsOf(model.plain, shape, question);
  for (const { coordinate, path, ...place } of denies) {
    const [type = '', field] = coordinate.split('.');
    for (const visit of visits) {
      if (!visit.places.has(placeOf(place)) || !isSame(withoutIndices(visit.path), path)) continue;
      if (field !== undefined && !coordinate.includes('(') && !isOf(model.plain, visit.parent, type)) continue;
      if (visit.isNull) continue;
      // The guard denies an item of a list by the type of the item.
      assert.ok(hasNothing(valueAt(data, visit.path)), `${coordinate} at ${visit.path.join('.')} was not denied`);
      seen.denied += 1;
    }
  }
}

/** Runs the operation without a guard, and returns what it reads. */
async function visitsOf(plain: GraphQLSchema, shape: Shape, question: Question): Promise<readonly Visited[]> {
  const visits: Visited[] = [];
  await execute({
    schema: plain,
    document: parse(question.document),
    operationName: question.operationName,
    variableValues: variablesOf(question),
    rootValue: makeRoot(shape, [], true),
    fieldResolver(source, args, context, info) {
      const settled = settledOf(source, info.fieldName);
      const value = calm(settled === undefined ? defaultFieldResolver(source, args, context, info) : settled);
      const places = info.fieldNodes.flatMap(({ loc }) => (loc ? [placeOf(getLocation(loc.source, loc.start))] : []));
      const path = responsePathAsArray(info.path);
      visits.push({ path, parent: info.parentType.name, places: new Set(places), isNull: value === null });
      return value;
    },
  });
  return visits;
}

/** If only scopes decide, each of the least sets is enough, and none of its scopes can be left out. */
async function checkLeastScopes(
  asked: Asked,
  question: Question,
  { elements, leastScopes, leastScopesCapped, faults }: OperationExplanation,
  seen: Explained,
): Promise<void> {
  const rules = elements.flatMap((element) => element.rules).filter(({ shadow }) => !shadow);
  const isByScopes = rules.every(({ source }) => /^@auth(\(scope: ("[^"]*"|\[[^\]]*\])\))?$/.test(source));
  if (faults.length > 0 || leastScopesCapped || rules.length === 0 || !isByScopes) return;
  const explainWith = (scopes: readonly string[]) =>
    asked.explain({ ...question, caller: { scopes } }, parse(question.document));
  const deniedWith = (scopes: readonly string[]) =>
    explainWith(scopes).elements.flatMap((element) =>
      element.rules.flatMap(({ decision, shadow, source }) => (decision === 'DENY' && !shadow ? [source] : [])),
    );
  for (const scopes of leastScopes) {
    seen.leastScopes += 1;
    const enough = explainWith(scopes);
    assert.ok(
      enough.elements.every(({ decision }) => decision !== 'DENY'),
      `${scopes.join(' ')} are not enough`,
    );
    if (enough.outcome === 'RUNS') {
      const answer = await asked.execute({ ...question, caller: { scopes } }, parse(question.document));
      assert.deepEqual(answer.errors.filter(isDenial), []);
    }
    for (const left of scopes) {
      const fewer = deniedWith(scopes.filter((scope) => scope !== left));
      assert.ok(fewer.length > deniedWith(scopes).length, `${left} can be left out of ${scopes.join(' ')}`);
    }
  }
}

function placeOf({ line, column }: Pick<ExplainedElement, 'line' | 'column'>): string {
  return `${line}:${column}`;
}

function withoutIndices(path: Path): readonly string[] {
  return path.filter((key) => typeof key === 'string');
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

function isOf(schema: GraphQLSchema, name: string, other: string): boolean {
  if (name === other) return true;
  const [type, above] = [schema.getType(name), schema.getType(other)];
  return type !== undefined && above !== undefined && isSubtype(schema, above, type);
}

function isSubtype(
  schema: GraphQLSchema,
  above: Parameters<GraphQLSchema['isSubType']>[0] | object,
  type: object,
): boolean {
  return schema.isSubType(above as never, type as never);
}

function hasNothing(value: unknown): boolean {
  return Array.isArray(value) ? value.every(hasNothing) : value === null || value === undefined;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    data,
  );
}
