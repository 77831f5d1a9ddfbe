import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { AnswerType } from '../../src/api/operation/known/answer.ts';
import {
  createKnownOperations,
  formatErrorFor,
  type OperationPolicy,
  operationSteps,
} from '../../src/api/operation/operation.ts';
import { createDocumentStore } from '../../src/apollo/document-store.ts';
import { noncePlugin } from '../../src/apollo/nonce.ts';
import { operationPlugin } from '../../src/apollo/operation.ts';
import { outagePlugin } from '../../src/apollo/outage.ts';
import { statusPlugin } from '../../src/apollo/status.ts';
import type { GuardedSchema } from '../../src/auth/guarded-schema.ts';
import { faultLog, logFaults } from '../../src/http/graphql/fault-log.ts';
import { watchOperations } from '../../src/http/graphql/operation-watch.ts';
import { rememberDocuments } from '../../src/http/lane/known-documents.ts';
import type { CountedOperation } from '../../src/observe/metrics.ts';
import type { ChallengeOptions } from '../../src/request/challenge-options.ts';
import { policy as defaultPolicy } from '../api/fixture.ts';

/** A GraphQL request, and the members of its context. */
export interface KnownRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Makes the context of one execution. */
  readonly context: () => object;
  /** Default: `application/json`. */
  readonly type?: AnswerType;
}

/** What a client and an operator see of one answer. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly reports: readonly unknown[];
}

/** The options of `bothPaths`. */
export interface BothOptions {
  readonly guarded: GuardedSchema;
  readonly policy?: OperationPolicy;
  readonly proofs?: ChallengeOptions['proofs'];
  /** The list into which the guarded schema reports denials and runs. */
  readonly reports?: unknown[];
}

/** Makes Apollo Server and the known operations of one schema, with the parts that the server gives to both. */
export async function bothPaths({ guarded, policy = defaultPolicy, proofs, reports = [] }: BothOptions) {
  const steps = operationSteps('single', policy, guarded);
  const challenge: ChallengeOptions = {
    realm: 'https://api.example',
    resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource',
    proofs: proofs ?? { algorithms: ['ES256'], nonce: () => null },
  };
  const formatError = formatErrorFor(policy);
  const note = (kind: string) => (fields: object, message: string) =>
    reports.push([
      kind,
      message,
      ...Object.values(fields).map((value) => (value instanceof Error ? value.message : value)),
    ]);
  const log = { debug() {}, info() {}, warn: note('warn'), error: note('error') } as never;
  const onOperation = (operation: CountedOperation) => void reports.push({ ...operation });
  const known = createKnownOperations({
    steps,
    challenge,
    formatError,
    reports: { onErrors: faultLog(log, formatError), onOperation },
  });
  const apollo = new ApolloServer({
    schema: steps.schema,
    introspection: true,
    csrfPrevention: false,
    persistedQueries: false,
    documentStore: createDocumentStore(),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: steps.parseOptions,
    validationRules: [...steps.validationRules],
    formatError,
    logger: log,
    plugins: [
      operationPlugin(steps.checks, challenge),
      statusPlugin(),
      outagePlugin(),
      noncePlugin(challenge.proofs ?? { nonce: () => null }),
      logFaults(log, formatError),
      watchOperations(onOperation),
      rememberDocuments(known),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();

  async function byApollo({ query, operationName, variables, context, type }: KnownRequest): Promise<SeenAnswer> {
    reports.length = 0;
    const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        search: '',
        headers: new HeaderMap([
          ['content-type', 'application/json'],
          ['accept', type ?? 'application/json'],
        ]),
        body: JSON.parse(JSON.stringify({ query, operationName, variables })),
      },
      context: async () => context(),
    });
    if (body.kind !== 'complete') throw new Error('The answer is not complete.');
    return { status: status ?? 200, headers: [...headers], body: body.string, reports: reports.splice(0) };
  }

  /** @returns the reason if Apollo Server must answer */
  async function byKnown({
    query,
    operationName,
    variables,
    context,
    type,
  }: KnownRequest): Promise<SeenAnswer | string> {
    reports.length = 0;
    const operation = known.find(query, operationName);
    if (operation.kind === 'other') return operation.reason;
    const sent = variables && JSON.parse(JSON.stringify(variables));
    const answer = await known.run(operation, sent, context(), type ?? 'application/json');
    if (answer.kind === 'other') {
      if (reports.length > 0) throw new GraphQLError(`A declined request was reported: ${JSON.stringify(reports)}`);
      return answer.reason;
    }
    const { status, headers, body } = answer;
    return { status, headers, body, reports: reports.splice(0) };
  }

  return { apollo, known, byApollo, byKnown };
}
