import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../../identity/accounts/accounts.ts';
import type { Attempts } from '../../identity/attempts/attempts.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { AuditOptions } from '../audit.ts';
import type { Frame } from '../pages/frame.ts';
import { type HtmlPage, sendPage } from '../pages/page.ts';
import { formToken } from '../sign-in/form.ts';
import type { BrowserSession, OwnSignInOptions } from './own-sign-in.ts';

/** The options of the account pages. */
export interface AccountOptions extends OwnSignInOptions, Pick<AuditOptions, 'record' | 'changing'> {
  /** The appearance of the pages. */
  readonly frame: Frame;
  /** The scopes, for their descriptions and for the registration of applications. */
  readonly catalogue: ScopeCatalogue;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly attempts: Attempts;
  /** The secret of form tokens. Each token is valid for one session. */
  readonly formKey: string;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}

/** One request of a signed-in person. */
export interface AccountVisit {
  readonly options: AccountOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The parameters in the URL. */
  readonly query: URLSearchParams;
  readonly session: BrowserSession;
  readonly account: Account;
}

/** One path of the account pages. */
export interface AccountRoute {
  /** Shows the page of this path. Default: the path has no page. */
  readonly show?: (visit: AccountVisit) => Promise<void>;
  /**
   * Handles the form that is posted to this path. Default: there is no form.
   *
   * @returns the path of the page to redirect to; null if the handler has already answered the request
   */
  readonly handle?: (visit: AccountVisit, form: URLSearchParams) => Promise<string | null>;
  /** The largest form that is read, in bytes. Default: the limit of the sign-in pages. */
  readonly maxFormBytes?: number;
}

/** Answers a request with a page. */
export function show({ options, response }: AccountVisit, page: HtmlPage): void {
  sendPage(response, options.frame, page);
}

/** Returns the form token of the account pages for this session. */
export function accountFormToken({ options, session }: AccountVisit): string {
  return formToken(options.formKey, session.uid, accountStep);
}

/** The name of the step for the form tokens of the account pages. */
export const accountStep = 'account';
