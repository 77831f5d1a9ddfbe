const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a URL may be trusted to reach whom it names: https, or plain http that never leaves the machine. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackUrl(url);
}

/** Whether a URL is plain http to a loopback address (RFC 8252 §7.3). */
export function isLoopbackUrl(url: URL): boolean {
  return url.protocol === 'http:' && loopback.test(url.hostname);
}
