/**
 * Returns the Content-Security-Policy of the explorer's page. Everything comes from this server, and scripts come from
 * files only.
 *
 * - The editor creates `<style>` elements with the nonce, and sets `style` attributes.
 * - Small pictures of the style sheets are `data:`.
 *
 * @param nonce - a random value of this answer
 */
export function explorerPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The Content-Security-Policy of a page with one script and one style element, which calls nothing. Text never becomes
 * markup or code (Trusted Types).
 */
export function plainPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/**
 * The Content-Security-Policy of the activity page. Everything comes from this server. The page has no inline style and
 * no worker. Text never becomes markup or code (Trusted Types).
 */
export function activityPolicy(): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** The host of the page in the frame of Apollo Sandbox. `@apollo/sandbox` uses no other. */
const sandboxOrigin = 'https://sandbox.embed.apollographql.com';

/**
 * Returns the Content-Security-Policy of the page of Apollo Sandbox. Scripts and style sheets are files of this server.
 * Only the frame is foreign. Text never becomes markup or code (Trusted Types).
 */
export function sandboxPolicy(): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `frame-src ${sandboxOrigin}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
