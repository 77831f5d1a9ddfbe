/** Where an address leads, for a person: a host, or an application on the device in front of them. @param uri validated before */
export function destinationOf(uri: string): string {
  const { protocol, host, hostname } = new URL(uri);
  // Behind a private-use scheme is whatever its application registered there.
  if (protocol !== 'https:' && protocol !== 'http:') return `this device (${protocol})`;
  return hostname === '127.0.0.1' || hostname === '[::1]' ? `this device (${host})` : host;
}
