import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { ProvenAccount } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { endSession as signOut } from '../../identity/sessions/end-sessions.ts';
import type { Store } from '../../store/tables.ts';
import { formToken } from './form.ts';
import { formSource } from '../pages/page.ts';
import { changingIn, factOf, type Witnesses } from '../audit.ts';

export interface InteractionOptions extends Pick<Witnesses, 'record' | 'changing' | 'recording'> {
  readonly provider: Provider;
  readonly store: Store;
  readonly attempts: Attempts;
  /** What a sign-in takes. */
  readonly factors: readonly Factor[];
  readonly catalogue: ScopeCatalogue;
  /** The resource indicator of our API. */
  readonly audience: string;
  /** Ties forms to interactions. */
  readonly formKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFault: (error: Error) => void;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One request to a page of a sign-in: all that its handler needs, looked up and checked. */
export interface Step {
  readonly options: InteractionOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly interaction: Interaction;
  readonly application: Application;
  /** Path of the interaction; its forms post below it. */
  readonly path: string;
}

/** One thing by which people prove who they are, with a page of its own. */
export interface Factor {
  /** Last part of the path that its form posts to. */
  readonly name: string;
  /** What it adds to `amr` (RFC 8176 §2). */
  readonly amr: string;
  /** Shows its page. @param proven who passed the factors before it; null for the first one */
  readonly show: (step: Step, proven: ProvenAccount | null) => Promise<void>;
  /**
   * Judges what its form posted.
   *
   * @returns whom it proves; null where it proves nobody, and has answered
   */
  readonly judge: (step: Step, form: URLSearchParams, proven: ProvenAccount | null) => Promise<ProvenAccount | null>;
}

/** A parameter of the authorization request; empty where it was not sent. */
export function parameter({ interaction }: Pick<Step, 'interaction'>, name: string): string {
  const value = interaction.params[name];
  return typeof value === 'string' ? value : '';
}

/** What the forms of a page have in common. @param name of the step they belong to */
export function formOf(step: Step, name: string): { path: string; formToken: string; formTarget: string } {
  return {
    path: step.path,
    formToken: formToken(step.options.formKey, step.interaction.uid, name),
    formTarget: formSource(parameter(step, 'redirect_uri')),
  };
}

/** Sends the person back to the application with a no (RFC 6749 §4.1.2.1). */
export async function deny({ options, request, response }: Step, description: string): Promise<void> {
  const result = { error: 'access_denied', error_description: description };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** Signs whoever is signed in out of this browser, and the interaction with them. */
export async function endSession({ options, interaction, request, response }: Step): Promise<void> {
  const { provider } = options;
  // The browser's session and not the interaction's, which is as old as the page: another tab may have signed in since.
  const session = await provider.Session.get(provider.createContext(request, response));
  if (session.accountId) {
    const { accountId, uid } = session;
    await changingIn(options)(
      (transaction) => signOut(transaction, uid, options.now()),
      () => factOf('sign_out', { accountId }, null),
    );
  }
  delete interaction.session;
  await interaction.save(interaction.exp - Math.floor(options.now() / 1_000));
}

/** Who is signed in in this browser at this moment. */
export async function signedInAccount({ options, request, response }: Step): Promise<string | undefined> {
  const { provider } = options;
  const session = await provider.Session.get(provider.createContext(request, response));
  return session.accountId;
}
