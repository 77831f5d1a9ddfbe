import { createHmac } from 'node:crypto';
import { errors } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { explorerClientId, firstPartyClientId, registeredItself } from '../../identity/applications/first-party.ts';
import { rememberConsent } from '../../identity/grants/consents.ts';
import { grantableScopes } from '../../identity/grants/scopes.ts';
import { noteAllowed } from '../../identity/applications/self-registrations.ts';
import type { Application } from '../../identity/applications/application.ts';
import { shownName } from '../pages/application-name.ts';
import { consentPage, type Origin } from '../pages/consent.ts';
import { destinationOf } from '../pages/destination.ts';
import { sendPage } from '../pages/page.ts';
import { consentKey, rememberedScopes, consentFacts } from './remembered-consent.ts';
import { credentialEpochOf } from '../adapter/credential-epoch.ts';
import { type RequestedScopes, requestedScopes } from './requested-scopes.ts';
import { decideScopes } from '../tokens/resource-scopes.ts';
import { deny, formOf, requestParameter, type SignInStep } from './step.ts';

/**
 * Shows the consent page. It lists the requested scopes, the scopes that were granted before, and the scopes that the
 * application cannot get.
 */
export async function showConsent(step: SignInStep): Promise<void> {
  const { options, application, interaction, response } = step;
  const { granted, withheld, unavailable, openid, email, remembered } = await requestedNow(step);
  const redirectUri = requestParameter(step, 'redirect_uri');
  const inWords = (name: string) => {
    const { description = 'Not known here', audience } = options.catalogue.get(name) ?? {};
    return { name, description, api: audience === undefined || audience === options.audience ? null : audience };
  };
  const isNew = (name: string) => !remembered.has(name);
  // If no scope is new, the application has requested the page (`prompt=consent`), or `openid` is new. Then the page
  // shows all scopes as requested.
  const shown = granted.some(isNew) ? granted.filter(isNew) : granted;
  const identity = openid ? [{ name: 'openid', description: 'Know which account you sign in with', api: null }] : [];
  sendPage(
    response,
    options.frame,
    consentPage({
      ...formOf(step, 'consent'),
      productName: options.frame.productName,
      application: shownName(application, options.frame),
      origin: originOf(application),
      destination: destinationOf(redirectUri),
      seen: consentFacts(application, redirectUri),
      isRemembered: consentKey(application, redirectUri, interaction.session?.uid) !== null,
      email,
      granted: [...identity, ...shown.map(inWords)],
      allowed: [...remembered].filter((name) => !shown.includes(name)).map(inWords),
      withheld: [...withheld, ...unavailable].map(inWords),
    }),
  );
}

/**
 * Handles the consent form: makes the grant, or returns the person to the application with `access_denied`. If the
 * application has changed since the page was shown, it shows the page again.
 */
export async function handleConsentForm(step: SignInStep, form: URLSearchParams): Promise<void> {
  const { options, request, response, application } = step;
  if (form.get('decision') !== 'allow') return deny(step, 'The person denied the request');
  const redirectUri = requestParameter(step, 'redirect_uri');
  if (form.get('seen') !== consentFacts(application, redirectUri)) return showConsent(step);
  const { accountId, openid, ...present } = await requestedNow(step);
  // After the page was shown, the account may have got a role for a further scope. This scope is not granted, because
  // the person did not read it.
  const shown = new Set((form.get('shown') ?? '').split(' '));
  // The remembered scopes are granted too. Then one grant covers all scopes, and later requests show no page.
  const granted = [...present.remembered.union(new Set(present.granted))].filter((scope) => shown.has(scope));
  const withheld = [...present.withheld, ...present.granted.filter((scope) => !shown.has(scope))];
  if (granted.length === 0 && !openid) return deny(step, 'Nothing was asked for that this account may give');
  const grant = new options.provider.Grant({ accountId, clientId: step.application.id });
  Object.assign(grant, { credentialEpoch: credentialEpochOf(step.interaction) });
  // One interaction makes one grant, even if its form is sent several times.
  grant.jti = createHmac('sha256', options.formKey).update(`grant ${step.interaction.uid}`).digest('base64url');
  if (openid) grant.addOIDCScope('openid');
  // The withheld scopes are rejected explicitly. Otherwise the library would ask again.
  decideScopes(grant, options, { granted, withheld });
  const grantId = await grant.save();
  await noteAllowed(options.store, application.id, options.now());
  const key = consentKey(application, redirectUri, step.interaction.session?.uid);
  // This write is not in the transaction of the grant. If the process ends before this write, the consent is not
  // remembered.
  if (key !== null) await rememberConsent(options.store, grantId, key);
  const result = { consent: { grantId } };
  await options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

function originOf(application: Application): Origin {
  if (application.id === firstPartyClientId) return 'command-line';
  if (application.id === explorerClientId) return 'explorer';
  return registeredItself(application) ? 'itself' : 'account';
}

interface AccountRequest extends RequestedScopes {
  readonly accountId: string;
  readonly email: string;
  /** The scopes of remembered consents that the account may still grant. */
  readonly remembered: ReadonlySet<string>;
}

/**
 * Returns the account and the scopes that the application requests, split by the present roles of the account.
 *
 * @throws errors.SessionNotFound if no account is signed in, or if the account is disabled
 */
async function requestedNow(step: SignInStep): Promise<AccountRequest> {
  const { options, interaction, application } = step;
  const account = await findAccount(options.store, interaction.session?.accountId ?? '');
  if (!account || account.disabled) throw new errors.SessionNotFound('no account is signed in');
  const redirectUri = requestParameter(step, 'redirect_uri');
  const { uid } = interaction.session ?? {};
  const scopes = await rememberedScopes(options.store, account.id, application, redirectUri, uid, options.now());
  return {
    ...requestedScopes(requestParameter(step, 'scope'), options.catalogue, application, account),
    accountId: account.id,
    email: account.email,
    remembered: grantableScopes(options.catalogue, application.scopes, account.roles).intersection(scopes),
  };
}
