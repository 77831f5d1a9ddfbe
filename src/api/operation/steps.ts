import {
  getOperationAST,
  type GraphQLSchema,
  OperationTypeNode,
  type ParseOptions,
  type ValidationRule,
} from 'graphql';
import { type OperationCheck, planCheck } from '../../auth/operation-check.ts';
import type { GuardedSchema, OperationRequest } from '../../auth/guarded-schema.ts';
import { ClaimgateError } from '../../errors.ts';
import type { ConfiguredLimits, Limits } from '../limits/limits.ts';
import { checkCost, hasFixedCost, limitsRule } from '../limits/rule.ts';
import { limitsFor } from '../limits/standard.ts';
import {
  checkIntrospection,
  everyoneMayIntrospect,
  type Introspection,
  introspectionRules,
} from './rules/introspection.ts';
import { OneExplanationRule } from './rules/one-explanation.ts';
import { SensitiveLiteralsRule } from './rules/sensitive-literals.ts';
import { NoTokenMutationsRule, TokenMutationsRule } from './rules/token-mutations.ts';

/** The operator's settings for operations. */
export interface OperationPolicy {
  readonly limits: ConfiguredLimits;
  readonly introspection: Introspection;
}

/** The settings for the operations of one schema. */
interface SchemaPolicy extends OperationPolicy {
  readonly limits: Limits;
}

/** The executed schema, and the function that decides an operation by the rules of the schema. */
type Executable = Pick<GuardedSchema, 'schema' | 'decideOperation'>;

/** How an operation is answered. `single`: by one HTTP answer. `stream`: over a WebSocket or an event stream. */
type AnswerForm = 'single' | 'stream';

/** The name and the source of a row of `operationTable`. */
interface RowName {
  readonly name: string;
  /** The section of a specification that requires the row, or the guide that describes it. */
  readonly section: string;
  /** The form of answer to which the row applies. Default: both. */
  readonly only?: AnswerForm;
}

interface ParseRow extends RowName {
  readonly step: 'parse';
  readonly options: (policy: SchemaPolicy) => ParseOptions;
}

/** Rules read only the document and the schema. Therefore Apollo Server can validate a document once and store it. */
interface RulesRow extends RowName {
  readonly step: 'limits' | 'validate';
  readonly rules: (policy: SchemaPolicy) => readonly ValidationRule[];
}

/** Checks read the variables and the caller too. Their work is linear in the document. */
interface CheckRow extends RowName {
  readonly step: 'check' | 'plan';
  readonly check: (policy: SchemaPolicy, guarded: Executable) => OperationCheck['check'];
  /** Whether the check lets an operation through for all variables and callers. Default: it runs for each request. */
  readonly passesAlways?: (policy: SchemaPolicy) => NonNullable<OperationCheck['passesAlways']>;
}

/**
 * On every transport, the function `execute` of graphql-js executes the operation. Apollo Server calls this function
 * itself for a single answer. Therefore this row holds only the schema. The guarded resolvers of the schema decide each
 * field. `stream/run.ts` executes a subscription again for each event.
 */
interface ExecuteRow extends RowName {
  readonly step: 'execute';
  readonly schema: (guarded: Executable) => GraphQLSchema;
}

const executeRow: ExecuteRow = {
  step: 'execute',
  name: 'the resolvers of the schema, each with its guard',
  section: 'GraphQL §6',
  schema: ({ schema }) => schema,
};

/**
 * The steps of every operation, in this order. Apollo Server runs the steps of a single answer. `stream/run.ts` runs the
 * steps of WebSockets and event streams. Only rows with `only` differ between them.
 *
 * The rules of `limits` and `validate` run together with the rules of GraphQL itself (GraphQL §5), in one visit of the
 * document. If a document exceeds a limit, the rule of the limits hides the content of the document from the other
 * rules. Only a rule of GraphQL that reads the document node itself has already seen it.
 */
export const operationTable: readonly (ParseRow | RulesRow | CheckRow | ExecuteRow)[] = [
  {
    step: 'parse',
    name: 'the limit of tokens',
    section: 'GraphQL §2.1.6',
    options: ({ limits }) => ({ maxTokens: limits.tokens }),
  },
  {
    step: 'limits',
    name: 'the limits of documents',
    section: 'OWASP API4:2023',
    rules: ({ limits }) => [limitsRule(limits)],
  },
  {
    step: 'validate',
    name: 'no secret as a literal',
    section: 'RFC 6819 §5.1',
    rules: () => [SensitiveLiteralsRule],
  },
  {
    step: 'validate',
    name: 'one token mutation to an operation',
    section: 'RFC 6819 §5.1.4',
    only: 'single',
    rules: () => [TokenMutationsRule],
  },
  {
    step: 'validate',
    name: 'no token mutation, since a guess would cost no request',
    section: 'RFC 6819 §5.1.4',
    only: 'stream',
    rules: () => [NoTokenMutationsRule],
  },
  {
    step: 'validate',
    name: 'one explainOperation to an operation',
    section: 'OWASP API4:2023',
    rules: () => [OneExplanationRule],
  },
  {
    step: 'validate',
    name: 'no introspection where it is off',
    section: 'GraphQL §4',
    rules: ({ introspection }) => introspectionRules(introspection),
  },
  {
    step: 'check',
    name: 'no subscription, which has no single answer',
    section: 'GraphQL §6.2.3',
    only: 'single',
    check: () => checkNoSubscription,
    passesAlways: () => (operation) => !isSubscription(operation),
  },
  {
    step: 'check',
    name: 'the cost with these variables',
    section: 'OWASP API4:2023',
    check:
      ({ limits }) =>
      (operation) =>
        checkCost(operation, limits),
    passesAlways: () => hasFixedCost,
  },
  {
    step: 'check',
    name: 'introspection with a token only',
    section: 'GraphQL §4',
    check:
      ({ introspection }) =>
      (operation) =>
        checkIntrospection(operation, introspection),
    passesAlways:
      ({ introspection }) =>
      (operation) =>
        everyoneMayIntrospect(operation, introspection),
  },
  {
    step: 'plan',
    name: 'the rules of @auth',
    section: 'RFC 6750 §3.1',
    check: (_policy, guarded) => planCheck(guarded).check,
  },
  executeRow,
];

/** The steps of one form of answer. */
export interface OperationSteps {
  readonly parseOptions: ParseOptions;
  /** The rules that are added to the rules of GraphQL itself. They come after them in the list. */
  readonly validationRules: readonly ValidationRule[];
  /** The steps `check` and `plan`, in their order. They need a valid document. */
  readonly checks: readonly OperationCheck[];
  /** The schema of the step `execute`. Documents are validated against it too. */
  readonly schema: GraphQLSchema;
}

/** Returns the steps for one form of answer. */
export function operationSteps(form: AnswerForm, settings: OperationPolicy, guarded: Executable): OperationSteps {
  const policy: SchemaPolicy = { ...settings, limits: limitsFor(guarded.schema, settings.limits) };
  const rows = operationTable.filter(({ only }) => only === undefined || only === form);
  return {
    parseOptions: rows.find((row) => row.step === 'parse')?.options(policy) ?? {},
    validationRules: rows.flatMap((row) => ('rules' in row ? row.rules(policy) : [])),
    checks: rows.flatMap((row) =>
      'check' in row ? { ...row, check: row.check(policy, guarded), passesAlways: row.passesAlways?.(policy) } : [],
    ),
    schema: executeRow.schema(guarded),
  };
}

/** Refuses a subscription. Without this check, it would be executed like a query, and its answer would be null. */
function checkNoSubscription(operation: OperationRequest): void {
  if (!isSubscription(operation)) return;
  const message = 'Subscriptions run over WebSocket or with Accept: text/event-stream, and not in a single answer.';
  throw new ClaimgateError('BAD_REQUEST', message);
}

function isSubscription({ document, operationName }: Pick<OperationRequest, 'document' | 'operationName'>): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
}
