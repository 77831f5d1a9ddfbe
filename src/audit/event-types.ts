/** The properties of one type of event. */
interface AuditEventKind {
  /** The description of the type in the schema of the API. */
  readonly description: string;
  /** The outcome of an event whose recording code states no outcome. Default: `allowed`. */
  readonly outcome?: AuditOutcome;
  /** How many rows of this type are kept at most. Default: `defaultMaxRows` in `retention.ts`. */
  readonly maxRows?: number;
  /**
   * The limit for rows of this type without an account: for rows with a client, and again for rows without one. Default:
   * these rows count towards `maxRows`.
   */
  readonly maxRowsWithoutAccount?: number;
}

/**
 * Every type of event in the audit trail, by the name that the database stores. The API writes the name in capitals.
 *
 * To add a type, add it here and run `npm run generate`, which writes it into `schema/audit.graphql` and `codegen.yml`.
 * Then extend `test/conformance/audit-walk.test.ts`. It compiles only if it causes an event of each type.
 */
export const auditEventKinds = {
  denial: {
    description: 'A rule denied an operation, or a field of it.',
    outcome: 'denied',
    // A caller without an account can cause any number of denials. They have their own limit. Therefore they do not
    // displace the denials of accounts.
    maxRows: 250_000,
    maxRowsWithoutAccount: 100_000,
  },
  shadow_denial: {
    description: 'A rule in shadow mode would have denied an operation, or a field of it. The operation was executed.',
    // A caller without an account can cause any number of these events. They have their own limit. Therefore they do not
    // displace the events about accounts.
    maxRows: 100_000,
    maxRowsWithoutAccount: 50_000,
  },
  administration: { description: 'A caller used a field that only a scope of administrators opened.' },
  grant_given: { description: 'A person granted an application access.' },
  grant_revoked: {
    description:
      'A person, an administrator or a client ended a grant, one of its codes or refresh tokens was sent again, or the account had too many grants.',
  },
  token_issued: {
    description:
      'An access token was issued for an authorization code, or for an application alone. `detail` has the grant type.',
  },
  token_refreshed: { description: 'An access token was issued for a refresh token.' },
  token_revoked: { description: 'A client revoked one of its tokens.' },
  code_reuse: {
    description: 'A client sent a used authorization code again, later than in a race. The grant was revoked.',
    outcome: 'failed',
  },
  refresh_reuse: {
    description: 'A client sent a used refresh token again, later than in a race. The grant was revoked.',
    outcome: 'failed',
  },
  sign_in: { description: 'A person signed in.' },
  sign_in_failed: {
    description:
      'A person failed to sign in, or entered a wrong password on the account page. `account` is the account with the address that was entered, or null if there is none.',
    outcome: 'failed',
    // A caller without an account can cause any number of failed sign-ins. Those with an unknown address have their own
    // limit. Therefore they do not displace the events about accounts.
    maxRows: 250_000,
    maxRowsWithoutAccount: 100_000,
  },
  sign_out: { description: 'A person signed out, or one of their sessions was ended.' },
  account_created: { description: 'An account was created.' },
  account_disabled: { description: 'An account was disabled.' },
  account_enabled: { description: 'A disabled account was enabled again.' },
  account_roles_changed: { description: 'The roles of an account were changed.' },
  password_changed: { description: 'A password was changed.' },
  key_published: { description: 'A signing key was made and published. It signs later.' },
  key_retired: { description: 'A signing key was withdrawn. Tokens that it signed are rejected.' },
  cookie_key_replaced: {
    description: 'The key that signs cookies and forms was replaced. Every browser is signed out.',
  },
  database_restored: {
    description:
      'The database was restored from a backup. All grants, codes, tokens and sign-in sessions ended, and the signing keys were withdrawn.',
  },
  application_registered: {
    description: 'An application was registered.',
    // Rows about applications that registered themselves have their own limit. Therefore they do not displace the other
    // rows.
    maxRowsWithoutAccount: 100_000,
  },
  application_updated: { description: 'An application was changed.' },
  application_deleted: { description: 'An application was deleted.' },
  application_secret_rotated: { description: 'An application got a new client secret.' },
} as const;

/** The name of a type of event, as the database stores it. */
export type AuditType = keyof typeof auditEventKinds;

/** Every type of event. */
// The keys of the literal are exactly the keys of its type.
export const auditTypes: readonly AuditType[] = Object.keys(auditEventKinds) as AuditType[];

/** Returns the properties of a type of event. */
export function auditEventKind(type: AuditType): AuditEventKind {
  return auditEventKinds[type];
}

/** Every outcome, and its description in the schema of the API. */
export const auditOutcomes = {
  allowed: 'It was allowed and done.',
  denied: 'A rule denied it, and nothing was done.',
  failed: 'It was allowed, and failed.',
} as const;

/** The outcome of an event, as the database stores it. */
export type AuditOutcome = keyof typeof auditOutcomes;

/** Every outcome. */
export const auditOutcomeNames: readonly AuditOutcome[] = Object.keys(auditOutcomes) as AuditOutcome[];
