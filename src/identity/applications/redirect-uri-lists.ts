import type { Application, Registration } from './applications.ts';
import { redirectUriFault } from './redirect-uris.ts';
import { InvalidRegistration } from './registration-request.ts';

const mostRedirectUris = 10;
const longestRedirectUri = 1000;

/** Checks the redirect URIs of an application that gets its tokens so. @throws InvalidRegistration */
export function redirectUrisFor(
  grantTypes: Application['grantTypes'],
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (grantTypes.includes('authorization_code')) return checkedRedirectUris(uris, applicationType);
  if (uris.length > 0)
    throw new InvalidRegistration(
      'redirectUris',
      'expected none, since without authorization_code nobody is sent back',
    );
  return uris;
}

function checkedRedirectUris(
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (uris.length === 0)
    throw new InvalidRegistration('redirectUris', `expected 1 to ${mostRedirectUris}, all different`);
  return checkedUris('redirectUris', uris, applicationType);
}

/** Checks a list of URIs that people are sent back to. @throws InvalidRegistration */
export function checkedUris(
  field: 'redirectUris' | 'postLogoutRedirectUris',
  uris: readonly string[],
  applicationType: Registration['applicationType'],
): readonly string[] {
  if (uris.length > mostRedirectUris || new Set(uris).size < uris.length) {
    throw new InvalidRegistration(
      field,
      `expected ${field === 'redirectUris' ? '1 to' : 'up to'} ${mostRedirectUris}, all different`,
    );
  }
  for (const [index, uri] of uris.entries()) {
    // URL parsers drop spaces and line breaks; a redirect URI is compared as it was written.
    const fault = /^[\x21-\x7e]+$/.test(uri)
      ? redirectUriFault(uri, applicationType)
      : 'it holds a character no URI has';
    if (uri.length > longestRedirectUri)
      throw new InvalidRegistration(field, `longer than ${longestRedirectUri} characters`, index);
    if (fault !== null) throw new InvalidRegistration(field, fault, index);
  }
  return uris;
}
