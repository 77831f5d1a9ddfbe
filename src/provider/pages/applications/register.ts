import { applicationsPath } from '../../paths.ts';
import { inApi, type ScopeInWords } from '../account.ts';
import { type Html, html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { type ApplicationKind, kindEntries } from './kinds.ts';
import { listLink, notice, trail } from './parts.ts';
import { applicationScript } from './script.ts';

/** What is wrong with the form, by its fields. */
export interface RegistrationFaults {
  /** A fault of no single field. */
  readonly form?: string;
  readonly name?: string;
  readonly kind?: string;
  /** One message for each wrong line. */
  readonly redirectUris?: readonly string[];
  readonly scopes?: string;
}

/** The content of the page. */
export interface RegisterPage {
  readonly formToken: string;
  /** Identifies this form. A form that is posted several times registers one application. */
  readonly formId: string;
  /** The values of the fields. */
  readonly values: {
    readonly name: string;
    readonly kind: ApplicationKind | null;
    readonly redirectUris: string;
    readonly scopes: readonly string[];
  };
  readonly faults: RegistrationFaults;
  /** The scopes that an application of a person may get. */
  readonly scopes: readonly ScopeInWords[];
  /** Default 200. */
  readonly status?: number;
}

/** Returns the form that registers an application. */
export function registerPage({ formToken, formId, values, faults, scopes, status = 200 }: RegisterPage): HtmlPage {
  const uriFaults = faults.redirectUris ?? [];
  const isWrong = Object.values(faults).some((fault) => fault.length > 0);
  return {
    title: 'Register an application',
    status,
    isWide: true,
    script: applicationScript,
    connects: true,
    body: html`
${trail([listLink])}
<h1>Register an application</h1>
${isWrong ? notice(faults.form ?? 'The application is not registered. Correct the marked fields, then send the form again.', true) : null}
<form method="post" action="${applicationsPath}/new" data-check="${applicationsPath}/check">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="form_id" value="${formId}">
<label for="name">Name</label>
<p class="hint" id="name-hint">People read it when the application asks them for access.</p>
<input id="name" name="name" required maxlength="100" autocomplete="off" value="${values.name}"${described('name', faults.name)}>
${fieldFault('name', faults.name)}
<fieldset${faults.kind === undefined ? null : html` aria-describedby="kind-wrong"`}><legend>Where it runs</legend>
${fieldFault('kind', faults.kind)}
${kindEntries.map(
  ([kind, { label, explanation }]) => html`
<div class="choice"><input type="radio" id="kind-${kind}" name="kind" value="${kind}" required aria-describedby="kind-${kind}-hint"${values.kind === kind ? html` checked` : null}>
<label for="kind-${kind}">${label}</label><p class="hint" id="kind-${kind}-hint">${explanation}</p></div>`,
)}</fieldset>
<label for="redirect_uris">Redirect URIs</label>
<p class="hint" id="redirect_uris-hint">The addresses to which the browser may return with the authorization code: 1 to 10, one in each line. They are compared character by character.</p>
<textarea id="redirect_uris" name="redirect_uris" required rows="3" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="redirect_uris-hint redirect_uris-wrong"${uriFaults.length > 0 ? html` aria-invalid="true"` : null}>
${values.redirectUris}</textarea>
<div id="redirect_uris-wrong" class="faults" role="status"><ul>${uriFaults.map((text) => html`<li>${text}</li>`)}</ul></div>
<fieldset${faults.scopes === undefined ? null : html` aria-describedby="scope-wrong"`}><legend>Access that it may ask for</legend>
<p class="hint">Each person decides again what the application gets. Choose only what it needs. Without a choice, it can learn only who signed in. Scopes that need a role are not listed: an administrator adds them.</p>
${fieldFault('scope', faults.scopes)}
${scopes.map(
  ({ name, description, api }, index) => html`
<div class="choice"><input type="checkbox" id="scope-${index}" name="scope" value="${name}"${values.scopes.includes(name) ? html` checked` : null}>
<label for="scope-${index}">${description} <code>${name}</code>${inApi(api)}</label></div>`,
)}</fieldset>
<div class="actions"><button>Register</button></div>
</form>`,
  };
}

function described(field: string, fault: string | undefined): Html {
  return fault === undefined
    ? html` aria-describedby="${field}-hint"`
    : html` aria-describedby="${field}-hint ${field}-wrong" aria-invalid="true"`;
}

function fieldFault(field: string, fault: string | undefined): Html | null {
  return fault === undefined ? null : html`<p class="fault" id="${field}-wrong">${fault}</p>`;
}
