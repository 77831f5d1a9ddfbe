import {
  createKnownOperations,
  createRunner,
  formatErrorFor,
  type OperationSteps,
  operationSteps,
} from '../../api/operation/operation.ts';
import { noncePlugin } from '../../apollo/nonce.ts';
import { operationPlugin } from '../../apollo/operation.ts';
import { outagePlugin } from '../../apollo/outage.ts';
import { statusPlugin } from '../../apollo/status.ts';
import type { Config } from '../../config.ts';
import type { AppOptions } from '../../http/app.ts';
import { networkOf } from '../../identity/attempts/network.ts';
import { isSecureUrl } from '../../protocol/url.ts';
import { databaseCheck } from '../housekeeping.ts';
import type { Recording } from '../replay/recording.ts';
import { watchedRunner } from '../watch.ts';
import type { Api } from './api.ts';
import type { TrustedIssuers } from './authorities.ts';
import { callersOf, challengeOf } from './callers.ts';
import { explorerOf, landingPageOf } from './explorer.ts';
import type { Foundation } from './foundation.ts';

/**
 * Collects the options of the HTTP server.
 *
 * @param recording - records the operations. Default: they are not recorded
 */
export function appOptions(
  config: Config,
  foundation: Foundation,
  api: Api,
  trusted: TrustedIssuers,
  recording: Recording | null = null,
): AppOptions {
  const { log, access, metrics, tracing, store } = foundation;
  const { authorities, proofs } = trusted;
  const context = callersOf(config, foundation, api, trusted);
  const explorer = explorerOf(config, api, log, context);
  const around = authorities.find(({ parts }) => parts.around)?.parts.around;
  return {
    logger: log,
    access,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    allowedOrigins: config.allowedOrigins,
    allowedHeaders: config.allowedHeaders,
    maxBodyBytes: config.maxBodyBytes,
    graphql: {
      ...graphqlOptions(config, foundation, api, trusted, recording),
      context,
      landingPage: landingPageOf(config, explorer),
    },
    metadata: {
      resource: config.audience,
      // RFC 9728 §2 requires URLs. If an issuer has `metadata`, `jwksUri` or `keys`, its name may be any text.
      authorizationServers: issuersOf(trusted).filter(isAddress),
      scopes: [...api.catalogues.own.keys()],
      proofAlgorithms: proofs.algorithms,
    },
    ...(around && { around }),
    ...(tracing && { tracing }),
    checks: [databaseCheck(store), ...authorities.flatMap(({ parts }) => parts.checks)],
    lane: { isOn: config.lane, count: (outcome) => metrics.laned(outcome) },
    onAnswer: (request) => metrics.answered(request),
    ...(config.metricsToken !== undefined && { metrics: { metrics, token: config.metricsToken } }),
    mounts: authorities.flatMap(({ parts }) => parts.mounts),
    routes: config.explorer || config.landingPage === 'sandbox' ? [explorer] : [],
  };
}

function graphqlOptions(
  config: Config,
  foundation: Foundation,
  api: Api,
  trusted: TrustedIssuers,
  recording: Recording | null,
): Omit<AppOptions['graphql'], 'landingPage' | 'context'> {
  const { metrics } = foundation;
  const challenge = challengeOf(config, trusted);
  const formatError = formatErrorFor(config);
  const stepsOf = (form: 'single' | 'stream'): OperationSteps => {
    const steps = operationSteps(form, config, api.guarded);
    return recording ? recording.steps(steps) : steps;
  };
  const single = stepsOf('single');
  const stream = stepsOf('stream');
  return {
    schema: single.schema,
    trusted: api.trusted,
    plugins: [operationPlugin(single.checks, challenge), statusPlugin(), outagePlugin(), noncePlugin(trusted.proofs)],
    parseOptions: single.parseOptions,
    validationRules: single.validationRules,
    runner: watchedRunner(createRunner(stream, api.trusted), (operation) => metrics.operated(operation)),
    onOperation: (operation) => metrics.operated(operation),
    formatError,
    known(reports) {
      const { executor } = api;
      const known = createKnownOperations({ steps: single, challenge, formatError, reports, executor });
      return recording ? recording.known(known) : known;
    },
    streams: config.streams,
    networkOf,
  };
}

/** Lists the names of all trusted issuers. */
export function issuersOf({ authorities }: TrustedIssuers): string[] {
  return authorities.flatMap(({ issuers }) => issuers.map(({ issuer }) => issuer));
}

function isAddress(issuer: string): boolean {
  const url = URL.parse(issuer);
  return url !== null && isSecureUrl(url);
}
