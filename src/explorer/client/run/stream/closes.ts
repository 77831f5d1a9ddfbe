/** What the explorer does after a close: `never` connects again, `renew` does so with a new token, `later` waits. */
export type Reconnect = 'never' | 'renew' | 'later';

export interface CloseMeaning {
  readonly text: string;
  readonly reconnect: Reconnect;
}

const meanings: Readonly<Record<number, CloseMeaning>> = {
  1000: { text: 'The server ended the connection.', reconnect: 'never' },
  1001: { text: 'The server is stopping.', reconnect: 'later' },
  1006: { text: 'The connection was lost, or the server did not accept it.', reconnect: 'later' },
  1009: { text: 'The operation and its variables are too large for the server.', reconnect: 'never' },
  1011: { text: 'The server has a fault.', reconnect: 'later' },
  1012: { text: 'The server is starting again.', reconnect: 'later' },
  1013: { text: 'The server cannot answer at present, or this caller has too many connections.', reconnect: 'later' },
  4004: { text: 'The server sent a message that is not part of the protocol.', reconnect: 'never' },
  4400: { text: 'The server did not accept a message or the form of the token.', reconnect: 'never' },
  4401: { text: 'The access token expired, was revoked, or was refused.', reconnect: 'renew' },
  4403: {
    text: 'The new token is of another person or application, or the caller may not connect.',
    reconnect: 'never',
  },
  4406: { text: 'The server does not speak graphql-transport-ws.', reconnect: 'never' },
  4408: { text: 'The connection was not set up in time.', reconnect: 'later' },
  4409: { text: 'The subscription runs already on this connection.', reconnect: 'never' },
  4429: { text: 'The connection was set up twice.', reconnect: 'never' },
};

/** Returns the meaning of a close of the server in words. @param reason - the text that the server sent with it */
export function closeMeaning(code: number, reason: string): CloseMeaning {
  const { text, reconnect } = meanings[code] ?? { text: 'The connection ended.', reconnect: 'later' as const };
  const said = reason === '' ? '' : ` It said: “${reason}”.`;
  return { text: `${text}${said} (Close code ${code}.)`, reconnect };
}
