/** Every transport on which the guard of the server can be missing. */
export const weakTransports = [
  'over HTTP',
  'by GET',
  'as server-sent events',
  'in a batch',
  'by its hash',
  'over WebSocket',
] as const;
export type WeakTransport = (typeof weakTransports)[number];
