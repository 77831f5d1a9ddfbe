import { createHmac } from 'node:crypto';
import { errors } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { registeredItself } from '../../identity/applications/first-party.ts';
import { rememberConsent } from '../../identity/grants/consents.ts';
import { grantableScopes } from '../../identity/grants/scopes.ts';
import { noteAllowed } from '../../identity/applications/self-registrations.ts';
import { consentPage } from '../pages/consent.ts';
import { destinationOf } from '../pages/destination.ts';
import { sendPage } from '../pages/page.ts';
import { consentSeen, rememberedScopes, whatIsSeen } from './remembered-consent.ts';
import { credentialEpochOf } from '../adapter/credential-epoch.ts';
import { type Requested, requestedScopes } from './requested-scopes.ts';
import { decideScopes } from '../tokens/resources.ts';
import { deny, formOf, parameter, type Step } from './step.ts';

export async function showConsent(step: Step): Promise<void> {
  const { options, application, response } = step;
  const { granted, withheld, foreign, openid, email, known } = await requested(step);
  const inWords = (name: string) => ({
    name,
    description: options.catalogue.get(name)?.description ?? 'Not known here',
  });
  const isNew = (name: string) => !known.has(name);
  // Where nothing is new, it was asked to be asked again.
  const asked = granted.some(isNew) ? granted.filter(isNew) : granted;
  const identity = openid ? [{ name: 'openid', description: 'Know which account you sign in with' }] : [];
  sendPage(
    response,
    consentPage({
      ...formOf(step, 'consent'),
      applicationName: application.name,
      registeredItself: registeredItself(application),
      destination: destinationOf(parameter(step, 'redirect_uri')),
      seen: whatIsSeen(application, parameter(step, 'redirect_uri')),
      email,
      granted: [...identity, ...asked.map(inWords)],
      allowed: [...known].filter((name) => !asked.includes(name)).map(inWords),
      withheld: [...withheld, ...foreign].map(inWords),
    }),
  );
}

export async function decide(step: Step, form: URLSearchParams): Promise<void> {
  const { options, request, response, application } = step;
  if (form.get('decision') !== 'allow') return deny(step, 'The person denied the request');
  // What the person read is what they allow: an application that changed meanwhile is shown as it is now.
  const redirectUri = parameter(step, 'redirect_uri');
  if (form.get('seen') !== whatIsSeen(application, redirectUri)) return showConsent(step);
  const { accountId, openid, ...now } = await requested(step);
  // A role that came between the page and the answer grants nothing that the person did not read.
  const shown = new Set((form.get('shown') ?? '').split(' '));
  // What was allowed before is allowed along, so that the two are not asked for in turn.
  const granted = [...now.known.union(new Set(now.granted))].filter((scope) => shown.has(scope));
  const withheld = [...now.withheld, ...now.granted.filter((scope) => !shown.has(scope))];
  if (granted.length === 0 && !openid) return deny(step, 'Nothing was asked for that this account may give');
  const grant = new options.provider.Grant({ accountId, clientId: step.application.id });
  Object.assign(grant, { credentialEpoch: credentialEpochOf(step.interaction) });
  // One interaction gives one grant, however often its answer is sent.
  grant.jti = createHmac('sha256', options.formKey).update(`grant ${step.interaction.uid}`).digest('base64url');
  if (openid) grant.addOIDCScope('openid');
  // What stays out is said so: else the library asks again.
  decideScopes(grant, options, { granted, withheld });
  const grantId = await grant.save();
  await noteAllowed(options.store, application.id, options.now());
  const seen = consentSeen(application, redirectUri);
  // Apart from the grant: what ends between the two leaves a yes that is not remembered.
  if (seen !== null) await rememberConsent(options.store, grantId, seen);
  const result = { consent: { grantId } };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

interface Decided extends Requested {
  readonly accountId: string;
  readonly email: string;
  /** What was allowed before, is remembered, and may still be given. */
  readonly known: ReadonlySet<string>;
}

/** What the application asks for, split by what the account may give. */
async function requested(step: Step): Promise<Decided> {
  const { options, interaction, application } = step;
  const account = await findAccount(options.store, interaction.session?.accountId ?? '');
  if (!account || account.disabled) throw new errors.SessionNotFound('nobody is signed in');
  const redirectUri = parameter(step, 'redirect_uri');
  const known = await rememberedScopes(options.store, account.id, application, redirectUri, options.now());
  return {
    ...requestedScopes(parameter(step, 'scope'), options.catalogue, application, account),
    accountId: account.id,
    email: account.email,
    known: grantableScopes(options.catalogue, application.scopes, account.roles).intersection(known),
  };
}
