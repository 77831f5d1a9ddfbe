import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { presentInteraction } from './browser-binding.ts';
import { decide, showConsent } from './consent.ts';
import { isFormToken, readForm } from './form.ts';
import { signedInPath } from '../account/own-sign-in.ts';
import { sendPage } from '../pages/page.ts';
import { problemPage, sendFault } from '../pages/problem.ts';
import { interactionPath } from '../provider.ts';
import { catalogueFor } from '../tokens/resources.ts';
import { showSignIn, signIn, switchAccount } from './sign-in.ts';
import { type InteractionOptions, parameter, type Step } from './step.ts';

/** What is shown at each of the library's prompts. */
const pages: Readonly<Record<string, (step: Step) => Promise<void> | void>> = {
  login: showSignIn,
  consent: showConsent,
};

interface Form {
  /** The prompt at which it may be posted. */
  readonly prompt: string;
  readonly handle: (step: Step, fields: URLSearchParams, name: string) => Promise<void>;
}

/** What each form does, by the last part of its path; beside these stand those of the factors. */
const forms: Readonly<Record<string, Form>> = {
  consent: { prompt: 'consent', handle: decide },
  switch: { prompt: 'consent', handle: switchAccount },
};

/** Handles requests below `interactionPath`: the pages on which a person signs in, and allows or denies. */
export function interactionHandler(
  options: InteractionOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      await handle(options, request, response);
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return gone(response);
      options.onFault(error instanceof Error ? error : new Error(String(error)));
      sendFault(response, error);
    }
  };
}

async function handle(options: InteractionOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://unused');
  const [, uid, action] = /^\/[^/]+\/([\w-]{1,64})(?:\/([a-z-]{1,16}))?$/.exec(pathname) ?? [];
  const interaction = await presentInteraction(options.provider, request, response);
  if (uid === undefined || interaction.uid !== uid) return gone(response);
  const found = await findApplicationWithSecret(options.store, parameter({ interaction }, 'client_id'));
  if (!found || !(await isStillRegistered(options, interaction))) return gone(response);
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
    return show && (request.method === 'GET' || request.method === 'HEAD') ? show(step) : refuse(response);
  }
  const form = formFor(options, action);
  if (!form || request.method !== 'POST' || form.prompt !== interaction.prompt.name) return refuse(response);
  const fields = await readForm(request);
  if (!fields || !isFormToken(fields.get('form_token'), options.formKey, uid, form.prompt)) return refuse(response);
  return form.handle(step, fields, action);
}

/** Whether the answer still goes to an address of the application: a redirect URI can be taken from it while its page is open. */
async function isStillRegistered({ provider }: InteractionOptions, interaction: Step['interaction']): Promise<boolean> {
  if (interaction.returnTo.endsWith(signedInPath)) return true;
  const client = await provider.Client.find(parameter({ interaction }, 'client_id'));
  return client?.redirectUriAllowed(parameter({ interaction }, 'redirect_uri')) === true;
}

function formFor({ factors }: InteractionOptions, action: string): Form | undefined {
  if (factors.some(({ name }) => name === action)) return { prompt: 'login', handle: signIn };
  return Object.hasOwn(forms, action) ? forms[action] : undefined;
}

function gone(response: ServerResponse): void {
  sendPage(
    response,
    problemPage(400, 'This sign-in has run out, was finished before, or was started in another browser.'),
  );
}

function refuse(response: ServerResponse): void {
  sendPage(response, problemPage(400, 'This page cannot be reached in that way.'));
}
