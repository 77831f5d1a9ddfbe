import { type ItemFault, redirectUriFaults } from '../../../identity/applications/redirect-uris.ts';
import type { RegistrationRequest } from '../../../identity/applications/application.ts';
import { type ApplicationKind, applicationKinds, isApplicationKind } from '../../pages/applications/kinds.ts';

/** The values of the registration form, as the person entered them. */
export interface RegistrationValues {
  readonly name: string;
  /** Null: none was chosen. */
  readonly kind: ApplicationKind | null;
  /** The text of the field, with one URI in each line. */
  readonly redirectUris: string;
  readonly scopes: readonly string[];
}

/** A redirect URI of the field, and the number of its line. */
interface Line {
  readonly number: number;
  readonly uri: string;
}

/** Reads the registration form. Does not check the values. */
export function registrationValues(form: URLSearchParams): RegistrationValues {
  const kind = form.get('kind') ?? '';
  return {
    name: form.get('name') ?? '',
    kind: isApplicationKind(kind) ? kind : null,
    redirectUris: form.get('redirect_uris') ?? '',
    scopes: [...new Set(form.getAll('scope'))],
  };
}

/** Returns the unchecked registration that the form requests. */
export function registrationRequest(values: RegistrationValues, kind: ApplicationKind): RegistrationRequest {
  const { applicationType, tokenEndpointAuthMethod } = applicationKinds[kind];
  return {
    name: values.name,
    applicationType,
    tokenEndpointAuthMethod,
    redirectUris: linesOf(values.redirectUris).map(({ uri }) => uri),
    scopes: values.scopes,
  };
}

/**
 * Checks the redirect URIs of the form.
 *
 * @returns one message for each wrong line. It contains nothing that the person entered
 */
export function lineFaults({ redirectUris, kind }: RegistrationValues): readonly string[] {
  if (kind === null) return [];
  const lines = linesOf(redirectUris);
  const faults = redirectUriFaults(
    lines.map(({ uri }) => uri),
    applicationKinds[kind].applicationType,
  );
  return faults.map(({ index, fault }: ItemFault) => `Line ${lines[index]?.number ?? index + 1}: ${fault}.`);
}

/** Splits the field into its lines. Empty lines are left out, and so are spaces around a URI. */
function linesOf(text: string): readonly Line[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ number: index + 1, uri: line.trim() }))
    .filter(({ uri }) => uri !== '');
}
