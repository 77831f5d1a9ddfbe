import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { ProvenAccount } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { endSession } from '../../identity/sessions/end-sessions.ts';
import type { Store } from '../../store/tables.ts';
import { formToken } from './form.ts';
import type { Frame } from '../pages/frame.ts';
import { formSource } from '../pages/page.ts';
import { changingIn, factOf, type AuditOptions } from '../audit.ts';

/** The options of the sign-in pages. */
export interface InteractionOptions extends Pick<AuditOptions, 'record' | 'changing' | 'recording'> {
  readonly provider: Provider;
  /** The appearance of the pages. */
  readonly frame: Frame;
  readonly store: Store;
  readonly attempts: Attempts;
  /** The factors that every sign-in requires, in this order. */
  readonly factors: readonly Factor[];
  readonly catalogue: ScopeCatalogue;
  /** The resource indicator of our API. */
  readonly audience: string;
  /** The secret of form tokens. Each token is valid for one step of one interaction. */
  readonly formKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One request to a sign-in page. The interaction and the application have been found and checked. */
export interface SignInStep {
  readonly options: InteractionOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly interaction: Interaction;
  readonly application: Application;
  /** The path of the interaction. Its forms are posted below it. */
  readonly path: string;
}

/** One way to authenticate. It has its own page. */
export interface Factor {
  /** The last part of the path to which its form is posted. */
  readonly name: string;
  /** The value that it adds to `amr` (RFC 8176 §2). */
  readonly amr: string;
  /** Shows its page. @param proven the account that passed the earlier factors; null for the first factor */
  readonly show: (step: SignInStep, proven: ProvenAccount | null) => Promise<void>;
  /**
   * Checks the form that was posted.
   *
   * @returns the account that has authenticated; null if no account has authenticated. Then `judge` has answered the
   *   request
   */
  readonly judge: (
    step: SignInStep,
    form: URLSearchParams,
    proven: ProvenAccount | null,
  ) => Promise<ProvenAccount | null>;
}

/** Returns a parameter of the authorization request; an empty string if it is absent. */
export function requestParameter({ interaction }: Pick<SignInStep, 'interaction'>, name: string): string {
  const value = interaction.params[name];
  return typeof value === 'string' ? value : '';
}

/** Returns the members that every sign-in page with a form needs. @param name the step of the form */
export function formOf(step: SignInStep, name: string): { path: string; formToken: string; formTarget: string } {
  return {
    path: step.path,
    formToken: formToken(step.options.formKey, step.interaction.uid, name),
    formTarget: formSource(requestParameter(step, 'redirect_uri')),
  };
}

/** Redirects to the application with `access_denied` (RFC 6749 §4.1.2.1). */
export async function deny({ options, request, response }: SignInStep, description: string): Promise<void> {
  const result = { error: 'access_denied', error_description: description };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** Ends the session of this browser, and removes its account from the interaction. */
export async function endBrowserSession({ options, interaction, request, response }: SignInStep): Promise<void> {
  const { provider } = options;
  // This is the session of the browser. The interaction may name another session, because the person may have signed in
  // again in another tab.
  const session = await provider.Session.get(provider.createContext(request, response));
  if (session.accountId) {
    const { accountId, uid } = session;
    await changingIn(options)(
      (transaction) => endSession(transaction, uid, options.now()),
      () => factOf('sign_out', { accountId }, null),
    );
  }
  delete interaction.session;
  await interaction.save(interaction.exp - Math.floor(options.now() / 1_000));
}

/** Returns the ID of the signed-in account of this browser; undefined if no account is signed in. */
export async function signedInAccount({ options, request, response }: SignInStep): Promise<string | undefined> {
  const { provider } = options;
  const session = await provider.Session.get(provider.createContext(request, response));
  return session.accountId;
}
