import type { GraphQLSchema } from 'graphql';
import type { Selection } from '../callers/selection.ts';
import type { Caller, Callers } from '../session/caller.ts';
import type { Settings } from '../settings.ts';
import { apiNamesOf, defaultApiNames } from './api-names.ts';
import { askServer, explainFor } from './asking/explain.ts';
import { createNeedsLoop, type NeedsLoop } from './asking/needs-loop.ts';
import { createSchemaRules, rulesDocument, type SchemaRules } from './docs/schema-rules.ts';
import { createNeedsSignIn, type NeedsSignIn } from './sign-in.ts';

/** What the pane, the marks and the documentation share. */
export interface NeedsService {
  /** Takes the names of the API's fields from the schema. */
  readonly takeNames: (schema: GraphQLSchema | null | undefined) => void;
  readonly loop: NeedsLoop;
  readonly rules: SchemaRules;
  readonly signIn: NeedsSignIn;
}

/** What the service needs of the browser. */
interface NeedsEnvironment {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly later: (run: () => void, delayMs: number) => () => void;
}

/** Creates the service, once for the page. */
export function createNeeds(
  { settings, callers, selection }: { settings: Settings; callers: Callers; selection: Selection },
  { fetch, now, later }: NeedsEnvironment,
): NeedsService {
  const options = { endpoint: settings.endpoint, fetch, authorization: callers.authorization };
  let names = defaultApiNames;
  const loop = createNeedsLoop({
    explain: (question, callerId, signal) =>
      explainFor({ ...options, field: names.explainOperation }, question, callerId, signal),
    now,
    later,
  });
  return {
    loop,
    rules: createSchemaRules((variables, callerId, signal) =>
      askServer(options, { document: rulesDocument(names.schemaRules), variables, callerId, signal }),
    ),
    takeNames(schema) {
      const { explainOperation } = names;
      names = apiNamesOf(schema);
      if (names.explainOperation !== explainOperation) loop.askAgain();
    },
    signIn: createNeedsSignIn(callers, (id) => {
      const { mode, runsAs } = selection.get();
      if (runsAs.some((caller) => caller.id === id)) return;
      if (mode === 'compare') selection.toggle(id);
      else selection.runAs(id);
    }),
  };
}

/** The browser's part of the service. */
export const needsEnvironment: NeedsEnvironment = {
  fetch: (...request) => fetch(...request),
  now: () => performance.now(),
  later: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A text that changes when the token of a caller changes. It holds no token. */
export function versionOf({ scopes, claims, expiresAt, state }: Caller): string {
  const id = claims?.['jti'];
  // The claims of a pasted token are not verified. `jti` may be a value that is nested too deeply for JSON.
  return JSON.stringify([scopes, typeof id === 'string' ? id : null, expiresAt, state === 'ended']);
}
