import { randomBytes } from 'node:crypto';
import { ClaimgateError } from '../../../errors.ts';
import type { Registration } from '../../../identity/applications/application.ts';
import { lockRegistrations, registerForAccount } from '../../../identity/applications/register-for-account.ts';
import { checkedRegistration, InvalidRegistration } from '../../../identity/applications/registration.ts';
import { openScopes } from '../../../identity/grants/scopes.ts';
import { artifactsOfModel } from '../../../store/artifacts/artifacts.ts';
import { changingIn, factOf } from '../../audit.ts';
import { type RegistrationFaults, registerPage } from '../../pages/applications/register.ts';
import { scopesInWords } from '../scopes-in-words.ts';
import { accountFormToken, type AccountRoute, type AccountVisit, show } from '../visit.ts';
import { maxFormBytes, tooMany } from './limits.ts';
import { hasSecret, pathOf } from './own.ts';
import { keepUnseen, prepareUnseen } from './unseen-secret.ts';
import { lineFaults, registrationRequest, type RegistrationValues, registrationValues } from './values.ts';

/** The form that registers an application. */
export const registerRoute: AccountRoute = {
  maxFormBytes,
  async show(visit) {
    showForm(visit, { name: '', kind: null, redirectUris: '', scopes: [] }, {});
  },
  async handle(visit, form) {
    const values = registrationValues(form);
    const registration = checked(visit, values);
    if ('faults' in registration) return refused(visit, values, registration.faults);
    const formId = form.get('form_id') ?? '';
    if (!/^[\w-]{22}$/.test(formId))
      return refused(visit, values, { form: 'A part of the form was missing. Send it again.' });
    const wait = await tooMany(visit);
    if (wait !== null) return refused(visit, values, { form: wait }, 429);
    try {
      return await register(visit, registration.checked, formId);
    } catch (error) {
      if (!(error instanceof ClaimgateError) || error.code !== 'CONFLICT') throw error;
      return refused(visit, values, { form: error.message }, 409);
    }
  },
};

/** Checks the values with the checks of the API. Finds a fault of each field, so that the page can show them all. */
function checked(
  { options, account }: AccountVisit,
  values: RegistrationValues,
): { readonly checked: Registration } | { readonly faults: RegistrationFaults } {
  const { kind } = values;
  const faults: RegistrationFaults = { redirectUris: lineFaults(values) };
  if (kind === null) return { faults: { ...faults, kind: 'Choose one of these kinds.' } };
  const rules = { catalogue: options.catalogue, publicUrl: options.issuer };
  try {
    return { checked: checkedRegistration(registrationRequest(values, kind), rules, account.id) };
  } catch (error) {
    if (!(error instanceof InvalidRegistration)) throw error;
    const { member, fault } = error;
    const text = `${fault}.`;
    if (member === 'name') return { faults: { ...faults, name: `Name: ${text}` } };
    if (member === 'scopes') return { faults: { ...faults, scopes: `Access: ${text}` } };
    if (member !== 'redirectUris') return { faults: { ...faults, form: text } };
    // The check of the whole list may have failed, for example because it is empty.
    const lines = lineFaults(values);
    return { faults: { redirectUris: lines.length > 0 ? lines : [`Redirect URIs: ${text}`] } };
  }
}

/** The model of the forms that were used. Each form registers one application, even if it is posted several times. */
const usedForms = 'RegistrationForm';
/** How long a used form is remembered, in seconds. */
const usedFormSeconds = 60 * 60;

/** Registers the application. @returns the path of its client secret, or of its page if it has no secret */
async function register(visit: AccountVisit, registration: Registration, formId: string): Promise<string> {
  const { options, session, account } = visit;
  const browser = prepareUnseen(visit);
  const form = `${session.uid} ${formId}`;
  const { clientId } = await changingIn(options)(
    async (transaction) => {
      await lockRegistrations(transaction, account.id);
      const used = artifactsOfModel(transaction, usedForms, options.now);
      const before = await used.find(form);
      if (before && (before.expiresAt ?? 0) > options.now()) {
        return { clientId: String(before.payload['clientId']), isNew: false };
      }
      const { application, clientSecret } = await registerForAccount(
        transaction,
        { ...registration, registeredBy: account.id },
        options.now(),
      );
      await used.upsert(form, { clientId: application.id }, usedFormSeconds);
      if (clientSecret !== null) await keepUnseen(transaction, visit, browser, application, clientSecret);
      return { clientId: application.id, isNew: true };
    },
    (made) =>
      made.isNew ? factOf('application_registered', { accountId: account.id }, `client ID ${made.clientId}`) : null,
  );
  const application = { ...registration, id: clientId };
  return hasSecret(application) ? pathOf(application, 'secret') : `${pathOf(application)}?done=registered`;
}

function refused(visit: AccountVisit, values: RegistrationValues, faults: RegistrationFaults, status = 422): null {
  showForm(visit, values, faults, status);
  return null;
}

function showForm(visit: AccountVisit, values: RegistrationValues, faults: RegistrationFaults, status?: number): void {
  const { catalogue } = visit.options;
  // The form needs the cookie, with which the client secret is encrypted until the person sees it.
  prepareUnseen(visit);
  show(
    visit,
    registerPage({
      formToken: accountFormToken(visit),
      formId: randomBytes(16).toString('base64url'),
      values,
      faults,
      scopes: scopesInWords(catalogue, openScopes(catalogue)),
      ...(status !== undefined && { status }),
    }),
  );
}
