/**
 * Describes the destination of a URI for a person: a host, or an application on the person's device. @param uri a valid
 * URI
 */
export function destinationOf(uri: string): string {
  const { protocol, host, hostname } = new URL(uri);
  // A private-use scheme leads to the application that registered it on the device.
  if (protocol !== 'https:' && protocol !== 'http:') return `this device (${protocol})`;
  return hostname === '127.0.0.1' || hostname === '[::1]' ? `this device (${host})` : host;
}
