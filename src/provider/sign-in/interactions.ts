import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { currentInteraction } from './browser-binding.ts';
import { handleConsentForm, showConsent } from './consent.ts';
import { isFormToken, readForm } from './form.ts';
import { sendPage } from '../pages/page.ts';
import { problemPage, sendFault } from '../pages/problem.ts';
import { interactionPath, signedInPath } from '../paths.ts';
import { catalogueFor } from '../tokens/resource-scopes.ts';
import { showSignIn, handleSignInForm, switchAccount } from './sign-in.ts';
import { type InteractionOptions, requestParameter, type SignInStep } from './step.ts';

/** The page of each prompt of the library. */
const pages: Readonly<Record<string, (step: SignInStep) => Promise<void> | void>> = {
  login: showSignIn,
  consent: showConsent,
};

interface Form {
  /** The prompt of the library at which the form may be posted. */
  readonly prompt: string;
  readonly handle: (step: SignInStep, fields: URLSearchParams, name: string) => Promise<void>;
}

/** The forms by the last part of their path. The forms of factors are not in this list. */
const forms: Readonly<Record<string, Form>> = {
  consent: { prompt: 'consent', handle: handleConsentForm },
  switch: { prompt: 'consent', handle: switchAccount },
};

/**
 * Returns the handler of requests below `interactionPath`: the sign-in and consent pages. It answers every error with a
 * page and never rejects.
 */
export function interactionHandler(
  options: InteractionOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      await handle(options, request, response);
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return sendExpired(options, response);
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendFault(response, options.frame, error);
    }
  };
}

async function handle(options: InteractionOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://unused');
  const [, uid, action] = /^\/[^/]+\/([\w-]{1,64})(?:\/([a-z-]{1,16}))?$/.exec(pathname) ?? [];
  const interaction = await currentInteraction(options.provider, request, response);
  if (uid === undefined || interaction.uid !== uid) return sendExpired(options, response);
  const found = await findApplicationWithSecret(options.store, requestParameter({ interaction }, 'client_id'));
  if (!found || !(await isStillRegistered(options, interaction))) return sendExpired(options, response);
  const path = `${interactionPath}/${uid}`;
  const catalogue = catalogueFor(options, interaction.params['resource']);
  const step = {
    options: { ...options, catalogue },
    request,
    response,
    interaction,
    application: found.application,
    path,
  };

  if (action === undefined) {
    const show = pages[interaction.prompt.name];
    return show && (request.method === 'GET' || request.method === 'HEAD') ? show(step) : refuse(options, response);
  }
  const form = formFor(options, action);
  if (!form || request.method !== 'POST' || form.prompt !== interaction.prompt.name) return refuse(options, response);
  const fields = await readForm(request);
  if (!fields || !isFormToken(fields.get('form_token'), options.formKey, uid, form.prompt))
    return refuse(options, response);
  return form.handle(step, fields, action);
}

/** Whether the redirect URI is still registered. It can be removed while the page is open. */
async function isStillRegistered(
  { provider }: InteractionOptions,
  interaction: SignInStep['interaction'],
): Promise<boolean> {
  if (interaction.returnTo.endsWith(signedInPath)) return true;
  const client = await provider.Client.find(requestParameter({ interaction }, 'client_id'));
  return client?.redirectUriAllowed(requestParameter({ interaction }, 'redirect_uri')) === true;
}

function formFor({ factors }: InteractionOptions, action: string): Form | undefined {
  if (factors.some(({ name }) => name === action)) return { prompt: 'login', handle: handleSignInForm };
  return Object.hasOwn(forms, action) ? forms[action] : undefined;
}

function sendExpired({ frame }: InteractionOptions, response: ServerResponse): void {
  sendPage(
    response,
    frame,
    problemPage(400, 'This sign-in has run out, was finished before, or was started in another browser.'),
  );
}

function refuse({ frame }: InteractionOptions, response: ServerResponse): void {
  sendPage(response, frame, problemPage(400, 'This page cannot be reached in that way.'));
}
