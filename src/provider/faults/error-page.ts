import type { Configuration } from 'oidc-provider';
import type { Frame } from '../pages/frame.ts';
import { showPage } from '../pages/page.ts';
import { problemPage } from '../pages/problem.ts';

/** The explanation for the person, for each error that cannot be sent to the application. */
const explanations: Readonly<Record<string, string>> = {
  invalid_client: 'The application that sent you here is not known.',
  invalid_redirect_uri: 'The application asked for the answer at an address that it did not register.',
  invalid_request: 'The application that sent you here asked in a way that is not understood.',
  server_error: 'Something went wrong here. It has been noted; please try again later.',
};

/**
 * Returns what replaces the library's error page. The page has the library's description for the developer of the
 * application.
 */
export function errorPage(frame: Frame): NonNullable<Configuration['renderError']> {
  return (ctx, out) => {
    const explanation =
      explanations[out.error] ?? 'This sign-in has run out, was finished before, or was started in another browser.';
    const detail =
      out.error === 'server_error' ? out.error : [out.error, out.error_description].filter(Boolean).join(': ');
    showPage(ctx, frame, problemPage(ctx.status, explanation, detail));
  };
}
