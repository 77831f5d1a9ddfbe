// Runs the embedded authorization server in the process of the test: its real parts on a real database, without
// Fastify.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccount } from '../../src/identity/accounts/accounts.ts';
import type { Registration } from '../../src/identity/applications/application.ts';
import { registerApplication } from '../../src/identity/applications/applications.ts';
import { defaultAttemptLimits, type AttemptLimits } from '../../src/identity/attempts/limits.ts';
import { createAttempts } from '../../src/identity/attempts/attempts.ts';
import type { AuditFact } from '../../src/audit/facts.ts';
import type { Changing, Recording } from '../../src/audit/writer.ts';
import { shippedScopes } from '../../src/identity/grants/scopes.ts';
import { newSigningKey } from '../../src/identity/keys/signing-keys.ts';
import { accountHandler } from '../../src/provider/account/routes.ts';
import { factors } from '../../src/provider/sign-in/factors.ts';
import { interactionHandler } from '../../src/provider/sign-in/interactions.ts';
import { createProvider } from '../../src/provider/provider.ts';
import type { Resource } from '../../src/provider/options.ts';
import { createStore, migrateDatabase } from '../../src/store/database.ts';
import type { Store } from '../../src/store/tables.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { plainFrame } from './frame.ts';
import type { DatabaseKind } from './databases.ts';
import { hashCheaply } from './passwords.ts';
import { admin } from './server.ts';

export interface AuthorityOptions {
  /** Other APIs. Default: none. */
  readonly resources?: readonly Resource[];
  /** Default: the limits of the program. */
  readonly limits?: Partial<AttemptLimits>;
}

export interface TestAuthority {
  readonly url: string;
  readonly store: Store;
  /** Returns how many SQL statements were executed since the start. */
  readonly statements: () => number;
  /** The facts that were written to the audit trail. */
  readonly facts: readonly AuditFact[];
  /** The errors that were reported as faults of the server. */
  readonly faults: readonly Error[];
  readonly common: Parameters<typeof interactionHandler>[0];
  readonly server: Server;
  register(registration: Partial<Registration>): ReturnType<typeof registerApplication>;
  dispose(): Promise<void>;
}

/** The default application: confidential, on a web server. */
const application: Registration = {
  name: 'Example',
  tokenEndpointAuthMethod: 'client_secret_post',
  applicationType: 'web',
  redirectUris: ['https://app.example/callback'],
  scopes: null,
  registeredBy: null,
};

/** Starts the authorization server with the account `admin` and the first-party application `claimgate`. */
export async function startAuthority(
  kind: DatabaseKind,
  { resources = [], limits = {} }: AuthorityOptions = {},
): Promise<TestAuthority> {
  const database = await kind.create();
  let statements = 0;
  const store = createStore(database.url, { onStatement: () => (statements += 1) });
  await migrateDatabase(database.url, store);
  const now = Date.now();
  const passwordHash = await hashCheaply(admin.password);
  const { id } = await createAccount(store, { email: admin.email, passwordHash, roles: [] }, now);
  const first = {
    ...application,
    tokenEndpointAuthMethod: 'none',
    applicationType: 'native',
    redirectUris: ['http://127.0.0.1/callback'],
  } as const;
  await registerApplication(store, first, now, 'claimgate');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const facts: AuditFact[] = [];
  const faults: Error[] = [];
  const cookieKey = randomBytes(32).toString('base64url');
  const changing: Changing = async (change, factOf) => {
    const answer = await inTransaction(store, change);
    facts.push(...[factOf(answer) ?? []].flat());
    return answer;
  };
  const recording: Recording = async (fact, work) => {
    const answer = await work();
    facts.push(fact);
    return answer;
  };
  const shared = {
    frame: plainFrame,
    store,
    attempts: createAttempts({ store, now: Date.now, limits: { ...defaultAttemptLimits, ...limits } }),
    factors,
    catalogue: new Map(Object.entries(shippedScopes)),
    audience: `${url}/graphql`,
    now: Date.now,
    onFault: (error: Error) => void faults.push(error),
    record: (fact: AuditFact) => void facts.push(fact),
    changing,
    recording,
  };
  const provider = createProvider({
    ...shared,
    issuer: url,
    resources,
    proofs: { algorithms: ['ES256'], nonceSecret: null },
    lifetimes: { code: 60, access: 600, refresh: 3_600, grace: 10 },
    keys: [await newSigningKey('ES256', now)],
    markSecret: randomBytes(32),
    cookieKey,
  });
  const common = { ...shared, provider, formKey: cookieKey };
  const interact = interactionHandler(common);
  const account = accountHandler({ ...common, issuer: url });
  const library = provider.callback();
  server.on('request', (request, response) => {
    const { url: path = '' } = request;
    // http/raw.ts sets the same header.
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'report-sample'");
    if (path.startsWith('/interaction/')) void interact(request, response);
    else if (path.startsWith('/account')) void account(request, response);
    else void library(request, response);
  });
  return {
    url,
    store,
    statements: () => statements,
    facts,
    faults,
    common,
    server,
    register: (registration) =>
      registerApplication(store, { ...application, registeredBy: id, ...registration }, Date.now()),
    async dispose() {
      server.closeAllConnections();
      server.close();
      await store.destroy();
      await database.drop();
    },
  };
}
