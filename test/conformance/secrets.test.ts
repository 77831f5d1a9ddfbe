import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  codeForm,
  exchange,
  exchangeMutation,
  postForm,
  query,
  refresh,
  registerApplication,
  requestCode,
  revoke,
  revokeMutation,
  sendRaw,
  signInFor,
} from '../support/client.ts';
import { Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

/** A password that every encoding changes. */
const password = `pass "word" & ${randomBytes(12).toString('hex')} é`;

let server: TestServer;
let url: string;
/** Values that must not occur anywhere, by their description. */
const secrets = new Map<string, string>([['password', password]]);
/** The answers of the server to invalid requests. */
const refusals: string[] = [];

before(async () => {
  server = await startTestServer({ env: { CLAIMGATE_ADMIN_PASSWORD: password, LOG_LEVEL: 'trace' } });
  ({ url } = server);
  const account = { email: admin.email, password };

  const own = await signInFor(url, { account, scope: 'openid profile applications' });
  const shop = await registerApplication(url, own.accessToken);
  const { clientId, clientSecret } = shop;
  const { input } = await requestCode(url, {
    account,
    clientId,
    redirectUri: shop.redirectUri,
    scope: 'openid profile',
  });
  const tokens = await exchange(url, { ...input, clientSecret });
  const renewed = await refresh(url, { clientId, clientSecret, refreshToken: tokens.refreshToken });
  await query(url, '{ viewer { subject account { email } } }', { token: tokens.accessToken });

  await administer(account, own.refreshToken);

  // An unredeemed code stays in the database together with its request.
  const waiting = (await requestCode(url, { account })).input;

  for (const [name, value] of Object.entries({
    code: input.code,
    verifier: input.codeVerifier,
    'client secret': clientSecret,
    'access token': tokens.accessToken,
    'signature of the access token': tokens.accessToken.split('.')[2],
    'refresh token': tokens.refreshToken,
    'ID token': tokens.idToken,
    'second access token': renewed.accessToken,
    'second refresh token': renewed.refreshToken,
    'waiting code': waiting.code,
    'waiting verifier': waiting.codeVerifier,
  })) {
    assert.equal(typeof value, 'string', name);
    secrets.set(name, String(value));
  }

  // A password in the email field. The sign-in fails.
  await assert.rejects(requestCode(url, { account: { email: `${password}@example.com`, password } }));
  await revoke(url, { clientId, clientSecret, token: renewed.refreshToken });
  for (const value of secrets.values()) await provoke(value);
});
after(() => server.dispose());

/** Sets secrets as an administrator and as a person: on the account page and through the API. */
async function administer(account: { email: string; password: string }, ownRefreshToken: string): Promise<void> {
  const admins = await signInFor(url, { account, scope: 'applications accounts keys' });
  const mutate = async (field: string, type: string, input: Record<string, unknown>, selection: string) => {
    const document = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} } }`;
    const { body } = await query(url, document, { token: admins.accessToken, variables: { input } });
    assert.equal(body.errors, undefined, JSON.stringify(body));
    return body.data[field];
  };
  const email = 'grace@example.com';
  const created = await mutate('createAccount', 'CreateAccountInput', { email }, 'account { id } password');
  const given = `given ${randomBytes(12).toString('hex')}`;
  const { id } = created.account;
  await mutate('setAccountPassword', 'SetAccountPasswordInput', { id, password: given }, 'account { id }');

  const person = new Person();
  const sent = await requestCode(url, { account: { email, password: given }, person, scope: 'openid profile' });
  const chosen = `chosen ${randomBytes(12).toString('hex')}`;
  const page = await person.follow(await person.get(`${url}/account`), url);
  const done = await person.submit(page, 'password', { present: given, new: chosen, again: chosen });
  assert.match(done.headers.get('location') ?? '', /done=password/);

  const machine = await registerApplication(url, admins.accessToken, {
    grantTypes: ['CLIENT_CREDENTIALS'],
    redirectUris: [],
  });
  const { body } = await postForm(url, '/oauth/token', { grant_type: 'client_credentials' }, machine);
  await postForm(url, '/oauth/introspect', { token: ownRefreshToken }, machine);
  const { body: listed } = await query(url, 'query ($id: String!) { application(clientId: $id) { id } }', {
    token: admins.accessToken,
    variables: { id: machine.clientId },
  });
  const rotated = await mutate(
    'rotateClientSecret',
    'RotateClientSecretInput',
    { id: listed.data.application.id },
    'clientSecret',
  );
  for (const [name, value] of Object.entries({
    'password that was made up': created.password,
    'password that was given': given,
    'password that was chosen': chosen,
    'code of another person': sent.input.code,
    'secret of a machine': machine.clientSecret,
    'token of a machine': body['access_token'],
    'secret that was rotated': rotated.clientSecret,
  })) {
    assert.equal(typeof value, 'string', name);
    secrets.set(name, String(value));
  }
}

/** Sends a secret in every wrong place. */
async function provoke(value: string): Promise<void> {
  const literal = JSON.stringify(value);
  const keep = async (answer: Promise<{ headers?: Headers; body?: unknown }>) => {
    const { headers, body } = await answer;
    refusals.push(JSON.stringify([[...(headers ?? [])], body]));
  };
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { redirect: 'manual', headers }).catch(() => null);
    if (response) refusals.push(JSON.stringify([...response.headers]) + (await response.text()));
  };

  // In the text of the query.
  for (const document of [
    `mutation { exchangeAuthorizationCode(input: { client: { clientId: "claimgate", code: ${literal}, codeVerifier: ${literal}, redirectUri: "x" } }) { __typename } }`,
    `mutation { revokeToken(input: { clientId: "claimgate", token: ${literal} }) { error { error } } }`,
    `mutation ($code: String! = ${literal}) { exchangeAuthorizationCode(input: { client: { code: $code } }) { __typename } }`,
    `{ viewer ${literal} }`,
    `{ viewer(${value} }`,
    `{ applications(first: ${literal}) { nodes { id } } }`,
    `{ applications(after: ${literal}) { nodes { id } } }`,
    literal,
    value,
  ]) {
    await keep(query(url, document));
  }

  // In variables of a wrong shape, and in the right field of a request that fails.
  for (const input of [
    value,
    [value],
    { client: value },
    { client: { code: [value], clientId: value } },
    { client: { clientId: 'claimgate', code: value, codeVerifier: value, redirectUri: value } },
    { client: { clientId: value, clientSecret: value, code: value, codeVerifier: 'v'.repeat(43), redirectUri: value } },
    { client: { clientId: 'claimgate', code: 1, codeVerifier: value, redirectUri: 'x', extra: value } },
  ]) {
    await keep(query(url, exchangeMutation, { variables: { input } }));
  }
  await keep(query(url, revokeMutation, { variables: { input: { clientId: value, token: value } } }));
  await keep(query(url, '{ scopes { name } }', { variables: { [value]: value } }));

  // In the members of the request body besides the query.
  const headers = { 'content-type': 'application/json' };
  for (const body of [
    value,
    `{"query": ${literal}`,
    JSON.stringify({ query: 1, operationName: value, extensions: value }),
  ]) {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
    refusals.push(await response.text());
  }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: value,
  });
  refusals.push(await response.text());

  // At the endpoints of the authorization server.
  await keep(postForm(url, '/oauth/token', { grant_type: value, code: value, client_id: value }));
  await keep(
    postForm(url, '/oauth/token', {
      ...codeForm({ clientId: 'claimgate', code: value, codeVerifier: value, redirectUri: value }),
    }),
  );
  await keep(
    postForm(url, '/oauth/token', {
      grant_type: 'refresh_token',
      client_id: 'claimgate',
      refresh_token: value,
      scope: value,
    }),
  );
  await keep(
    postForm(
      url,
      '/oauth/revoke',
      { token: value },
      { clientId: 'claimgate', clientSecret: encodeURIComponent(value) },
    ),
  );

  // In addresses and headers where no secret belongs.
  const encoded = encodeURIComponent(value);
  for (const path of [
    `/graphql?query=${encodeURIComponent(`{ viewer(token: ${literal}) { subject } }`)}&access_token=${encoded}`,
    `/graphql?query=${encoded}`,
    `/oauth/token?code=${encoded}`,
    `/oauth/authorize?client_id=claimgate&code=${encoded}&redirect_uri=${encoded}`,
    `/oauth/authorize?client_id=${encoded}`,
    `/interaction/${encoded}`,
    `/health/live?token=${encoded}`,
    `/${encoded}`,
  ]) {
    await get(path);
    await get(path, { 'apollo-require-preflight': '1' });
  }
  if (/^[ -~]*$/.test(value)) {
    for (const name of ['authorization', 'cookie', 'origin', 'accept', 'x-request-id', 'dpop', 'user-agent']) {
      await get('/graphql?query={scopes{name}}', { [name]: value, 'apollo-require-preflight': '1' });
    }
    await get('/graphql?query={viewer{subject}}', {
      authorization: `Bearer ${value}x`,
      'apollo-require-preflight': '1',
    });
    refusals.push(await sendRaw(url, `GET /${value} HTTP/1.1\r\n\r\n`));
    refusals.push(await sendRaw(url, `${value}\r\n\r\n`));
    refusals.push(await sendRaw(url, `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n${value}\r\n\r\n`));
  }
}

/** Returns the encodings in which a secret may be written. */
function spellings(value: string): string[] {
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
    Buffer.from(value).toString('hex'),
  ];
}

function assertHoldsNone(bytes: Buffer, where: string): void {
  for (const [name, value] of secrets) {
    for (const spelling of spellings(value)) assert.ok(!bytes.includes(spelling), `${where} holds the ${name}`);
  }
}

describe('C-8 codes, verifiers, secrets, tokens and passwords appear', () => {
  it('nowhere in the output of the server, at the most detailed log level', () => {
    assert.match(server.output(), /"route":"\/graphql"/);
    assertHoldsNone(Buffer.from(server.output()), 'the output');
  });

  it('in no member of the log line of a request, which has only these members', () => {
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ msg }) => msg === 'request' || msg === 'request aborted');
    assert.ok(lines.length > 300, String(lines.length));
    const members = new Set(lines.flatMap((line) => Object.keys(line)));
    assert.deepEqual([...members].sort(), ['level', 'method', 'ms', 'msg', 'reqId', 'route', 'status', 'time']);
    for (const { method, route, status, ms } of lines) {
      assert.match(String(method), /^[A-Z-]+$/);
      assert.match(String(route), /^(none|[/\w.:*-]+)$/);
      assert.deepEqual([typeof status, typeof ms], ['number', 'number']);
    }
  });

  it('in no file of the database', async () => {
    const folder = join(server.folder, 'data');
    const files = await readdir(folder);
    assert.ok(files.includes('claimgate.db') && files.includes('claimgate.db-wal'), files.join(' '));
    for (const file of files) assertHoldsNone(await readFile(join(folder, file)), file);
  });

  it('in no answer to a wrong request', () => {
    assert.ok(refusals.length > 300, String(refusals.length));
    for (const refusal of refusals) assertHoldsNone(Buffer.from(refusal), refusal.slice(0, 1_000));
  });

  it('in no file of the database after a stop, which writes the log into it', async () => {
    assert.equal(await server.stop(), 0);
    assertHoldsNone(Buffer.from(server.output()), 'the output');
    const folder = join(server.folder, 'data');
    for (const file of await readdir(folder)) assertHoldsNone(await readFile(join(folder, file)), file);
    const database = await readFile(join(folder, 'claimgate.db'));
    assert.ok(database.includes(admin.email), 'what was stored would have been found');
  });
});
