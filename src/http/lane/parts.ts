import type { FastifyBaseLogger } from 'fastify';
import type { KnownOperations, TrustedDocuments } from '../../api/operation/operation.ts';
import type { AccessLog } from '../../observe/log.ts';
import type { CountedRequest } from '../../observe/metrics.ts';
import type { Around } from '../around.ts';
import type { Drain } from '../drain.ts';
import type { GraphqlOptions } from '../graphql/options.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import type { BodyReader } from './body.ts';
import type { WriteHead } from './heads.ts';
import type { LaneOutcome } from './outcomes.ts';

/** The parts of the server that the lane uses. */
export interface LaneParts {
  readonly known: KnownOperations;
  /** Makes the context of an operation. Throws, or rejects, if the credential is refused. */
  readonly context: GraphqlOptions['context'];
  /** The trusted documents. Undefined: every document is accepted. */
  readonly trusted?: TrustedDocuments | undefined;
  readonly pages: CrossOrigin;
  readonly bodies: BodyReader;
  readonly writeHead: WriteHead;
  readonly maxBodyBytes: number;
  /** Addresses and ranges, as Fastify's `trustProxy` takes them. */
  readonly trustedProxies: readonly string[];
  readonly drain: Drain;
  readonly around: Around | undefined;
  readonly log: FastifyBaseLogger;
  readonly access: AccessLog;
  readonly onAnswer: ((request: CountedRequest) => void) | undefined;
  /** Counts a request to `/graphql`. */
  readonly count: (outcome: LaneOutcome) => void;
}
