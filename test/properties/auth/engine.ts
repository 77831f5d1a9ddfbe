import { type ExecutionResult, execute, parse } from 'graphql';
import type { createGuardedSchema } from '../../../src/auth/schema.ts';
import type { anonymous, makePrincipal } from '../../../src/principal.ts';
import { principalFor } from '../../support/callers.ts';
import { now, type Question } from './document.ts';
import type { Shape } from './shape.ts';
import { makeRoot } from './values.ts';

/** What is held against the model: the engine itself, or a copy of it with a fault. */
export interface Engine {
  readonly createGuardedSchema: typeof createGuardedSchema;
  readonly makePrincipal: typeof makePrincipal;
  readonly anonymous: typeof anonymous;
}

export interface Answer {
  readonly refused: boolean;
  readonly data: ExecutionResult['data'];
  readonly errors: number;
  /** What was read of the values. */
  readonly read: readonly string[];
}

/** Answers questions about a schema: what the plan says, and what the guard alone gives. */
export function ask(engine: Engine, shape: Shape): (question: Question) => Promise<Answer> {
  const guarded = engine.createGuardedSchema({
    modules: Object.entries(shape.modules).map(([name, typeDefs]) => ({ name, typeDefs })),
    clock: () => now * 1000,
    policies: {
      yes: (requests) => requests.map(() => true),
      no: async (requests) => requests.map(() => false),
      odd: (requests) => requests.map(({ parent }) => (parent as { n?: unknown }).n === 1),
    },
  });
  return async ({ document: source, operationName, variables, caller }) => {
    const document = parse(source);
    const principal = principalFor(caller, engine);
    const read: string[] = [];
    const { kind } = guarded.decideOperation({ document, operationName, variables, principal });
    const { data, errors = [] } = await execute({
      schema: guarded.schema,
      document,
      operationName,
      variableValues: variables,
      rootValue: makeRoot(shape, read),
      contextValue: { principal },
    });
    return { refused: kind === 'refuse', data, errors: errors.length, read };
  };
}
