import { type DocumentNode, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import type { OperationExplanation } from '../../../src/auth/explain/explanation.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { anonymous, makePrincipal } from '../../../src/principal.ts';
import { executable, type GivenWay } from '../../support/given.ts';
import { principalFor } from '../../support/callers.ts';
import { typeResolvers } from './generate/authors.ts';
import { now, type Question, variablesOf } from './generate/document.ts';
import type { Shape } from './generate/shape.ts';
import { makeRoot, type Read } from './generate/values.ts';

/** The implementation that is compared with the model: the engine itself, or a copy with a planted fault. */
export interface Engine {
  readonly createGuardedSchema: typeof createGuardedSchema;
  readonly makePrincipal: typeof makePrincipal;
  readonly anonymous: typeof anonymous;
  /** Makes the executor of known documents. */
  readonly createExecutor: typeof createExecutor;
}

/** The engine without a fault. */
export const ownEngine: Engine = { createGuardedSchema, makePrincipal, anonymous, createExecutor };

/** The decision of the plan over an operation. */
export interface Decision {
  readonly kind: 'run' | 'refuse' | 'thrown';
  /** The code of the refusal, or of the error that was thrown. */
  readonly code: string | null;
}

export interface Answer {
  readonly data: ExecutionResult['data'];
  readonly errors: readonly GraphQLError[];
  /** The fields that were read. */
  readonly read: readonly Read[];
}

/** A schema that was made by the engine. */
export interface Asked {
  decide(question: Question, document: DocumentNode): Decision;
  explain(question: Question, document: DocumentNode): OperationExplanation;
  /** Executes the operation directly, so that only the guard in the schema enforces the rules. */
  execute(question: Question, document: DocumentNode): Promise<Answer>;
  /**
   * Executes the operation as a server executes a document that it knows. Each selection is compiled before its first
   * object. Only the guard enforces the rules.
   *
   * @returns null if the executor does not take the operation
   */
  executeCompiled(question: Question, document: DocumentNode): Promise<Answer | null>;
}

/** How a schema is given: as modules, or as an executable schema with its rules in this form. */
export type Way = GivenWay | 'modules';

/** Makes the guarded schema of a shape. */
export function guardedOf(engine: Pick<Engine, 'createGuardedSchema'>, shape: Shape, way: Way): GuardedSchema {
  const resolvers = typeResolvers(shape.authors);
  const modules = Object.entries(shape.modules).map(([name, typeDefs]) => ({
    name,
    typeDefs,
    ...(name === 'main' && { resolvers }),
  }));
  return engine.createGuardedSchema({
    ...(way === 'modules' ? { modules } : { schema: executable(modules, way) }),
    clock: () => now * 1000,
    policies: {
      yes: (requests) => requests.map(() => true),
      no: async (requests) => requests.map(() => false),
      odd: (requests) => requests.map(({ parent }) => (parent as { n?: unknown }).n === 1),
    },
  });
}

export function ask(engine: Engine, shape: Shape, way: Way): Asked {
  const guarded = guardedOf(engine, shape, way);
  const executeQuery = engine.createExecutor(guarded.schema, { compileAfter: 0, compileIntervalMs: 0 });

  /** Makes the parts of a request that both executors receive. */
  const requestOf = (question: Question, document: DocumentNode, read: Read[]) => ({
    document,
    operationName: question.operationName,
    rootValue: makeRoot(shape, read, false),
    contextValue: { principal: principalFor(question.caller, engine) },
  });

  return {
    decide(question, document) {
      const { operationName, caller } = question;
      const principal = principalFor(caller, engine);
      try {
        const verdict = guarded.decideOperation({
          document,
          operationName,
          variables: variablesOf(question),
          principal,
        });
        return verdict.kind === 'run' ? { kind: 'run', code: null } : { kind: 'refuse', code: verdict.code };
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (typeof code === 'string') return { kind: 'thrown', code };
        throw error;
      }
    },
    explain(question, document) {
      const { operationName, caller } = question;
      const principal = principalFor(caller, engine);
      return guarded.explainOperation({ document, operationName, variables: variablesOf(question), principal });
    },
    async execute(question, document) {
      const read: Read[] = [];
      const { data, errors = [] } = await execute({
        ...requestOf(question, document, read),
        schema: guarded.schema,
        variableValues: variablesOf(question),
      });
      return { data, errors, read };
    },
    async executeCompiled(question, document) {
      const read: Read[] = [];
      const request = { ...requestOf(question, document, read), variables: variablesOf(question) };
      const result = await executeQuery(request);
      return result.kind === 'other' ? null : { data: JSON.parse(result.data), errors: result.errors, read };
    },
  };
}
