import { createHmac } from 'node:crypto';
import { errors } from 'oidc-provider';
import { findAccount } from '../identity/accounts.ts';
import { allowedScopes, grantableScopes } from '../identity/scopes.ts';
import { consentPage } from './pages/consent.ts';
import { sendPage } from './pages/page.ts';
import { decideScopes } from './resources.ts';
import { deny, formOf, parameter, type Step } from './step.ts';

export async function showConsent(step: Step): Promise<void> {
  const { options, application, response } = step;
  const { granted, withheld, foreign, openid, email } = await requested(step);
  const inWords = (name: string) => ({
    name,
    description: options.catalogue.get(name)?.description ?? 'Not known here',
  });
  const identity = openid ? [{ name: 'openid', description: 'Know which account you sign in with' }] : [];
  sendPage(
    response,
    consentPage({
      ...formOf(step, 'consent'),
      applicationName: application.name,
      destination: destination(parameter(step, 'redirect_uri')),
      email,
      granted: [...identity, ...granted.map(inWords)],
      withheld: [...withheld, ...foreign].map(inWords),
    }),
  );
}

/** Where the answer goes, for a person: a host, or an application on the device in front of them. */
function destination(redirectUri: string): string {
  const { protocol, host, hostname } = new URL(redirectUri);
  // Behind a private-use scheme stands whatever its application wants to stand there.
  if (protocol !== 'https:' && protocol !== 'http:') return `this device (${protocol})`;
  return hostname === '127.0.0.1' || hostname === '[::1]' ? `this device (${host})` : host;
}

export async function decide(step: Step, form: URLSearchParams): Promise<void> {
  const { options, request, response } = step;
  if (form.get('decision') !== 'allow') return deny(step, 'The person denied the request');
  const { accountId, openid, ...now } = await requested(step);
  // A role that came between the page and the answer grants nothing that the person did not read.
  const shown = new Set((form.get('shown') ?? '').split(' '));
  const granted = now.granted.filter((scope) => shown.has(scope));
  const withheld = [...now.withheld, ...now.granted.filter((scope) => !shown.has(scope))];
  if (granted.length === 0 && !openid) return deny(step, 'Nothing was asked for that this account may give');
  const grant = new options.provider.Grant({ accountId, clientId: step.application.id });
  // One interaction gives one grant, however often its answer is sent.
  grant.jti = createHmac('sha256', options.formKey).update(`grant ${step.interaction.uid}`).digest('base64url');
  if (openid) grant.addOIDCScope('openid');
  // What stays out is said so: else the library asks again.
  decideScopes(grant, options, { granted, withheld });
  const result = { consent: { grantId: await grant.save() } };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

interface Requested {
  readonly accountId: string;
  readonly email: string;
  readonly openid: boolean;
  /** What a yes grants. */
  readonly granted: readonly string[];
  /** What the application may ask for, and this account may not give. */
  readonly withheld: readonly string[];
  /** What it asks for and may not, or nobody could give. */
  readonly foreign: readonly string[];
}

/** Scopes that are no one's to give: the first says how, the second is meant by every refresh token here. */
const ofOpenIdConnect: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/** What the application asks for, split by what the account may give. */
async function requested(step: Step): Promise<Requested> {
  const { options, interaction, application } = step;
  const account = await findAccount(options.store, interaction.session?.accountId ?? '');
  if (!account || account.disabled) throw new errors.SessionNotFound('nobody is signed in');
  const asked = new Set(parameter(step, 'scope').split(' ').filter(Boolean));
  const allowed = asked.intersection(allowedScopes(options.catalogue, application.scopes));
  const grantable = grantableScopes(options.catalogue, application.scopes, account.roles);
  return {
    accountId: account.id,
    email: account.email,
    openid: asked.has('openid'),
    granted: [...allowed.intersection(grantable)],
    withheld: [...allowed.difference(grantable)],
    foreign: [...asked.difference(allowed).difference(ofOpenIdConnect)],
  };
}
