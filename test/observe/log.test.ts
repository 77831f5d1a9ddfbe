import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createLogger, enterRequestId, withRequestId } from '../../src/observe/log.ts';
import { readableLine } from '../../src/observe/readable.ts';
import { root, run } from '../support/process.ts';

/** Makes a log, and collects its lines. */
function kept(level = 'trace') {
  const lines: string[] = [];
  return { ...createLogger(level, { write: (line) => void lines.push(line) }), lines };
}

const secret = 'hunter2-0123456789';

describe('C-8 the line of a request', () => {
  it('C-8 holds its known members and no other member of the logged object', () => {
    const { access, lines } = kept();
    const line = {
      method: 'POST',
      route: '/graphql',
      authorization: secret,
      headers: { cookie: secret },
      answer: { status: 200, ms: 1.5, token: secret, body: { code: secret } },
    };
    access(line);
    access({ ...line, answer: undefined } as never);
    const parsed = lines.map((text) => JSON.parse(text));
    const { time, ...first } = parsed[0];
    assert.match(time, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(first, { level: 'info', method: 'POST', route: '/graphql', status: 200, ms: 1.5, msg: 'request' });
    assert.deepEqual(Object.keys(parsed[1]), ['level', 'time', 'method', 'route', 'msg']);
    assert.doesNotMatch(lines.join(''), new RegExp(secret));
  });

  it('C-8 members that libraries log are redacted by name, at each of three depths', () => {
    const { log, lines } = kept();
    const names = [
      'authorization',
      'cookie',
      'set-cookie',
      'dpop',
      'password',
      'client_secret',
      'code',
      'refresh_token',
    ];
    for (const name of [...names, 'codeVerifier', 'accessToken', 'id_token', 'token', 'clientSecret']) {
      log.warn({ [name]: secret, a: { [name]: secret, b: { [name]: secret } } }, 'by mistake');
    }
    log.error({ err: Object.assign(new Error('no'), { request: { authorization: secret } }) }, 'failed');
    assert.equal(lines.length, 14);
    assert.doesNotMatch(lines.join(''), new RegExp(secret));
    assert.equal(lines.join('').split('[redacted]').length - 1, 13 * 3);
  });

  it('C-8 the line of a denial has the code of the error, and every other code is redacted', () => {
    const { log, lines } = kept();
    log.info({ coordinate: 'Query.x', code: 'FORBIDDEN' }, 'denied by a rule');
    log.info({ a: { code: 'UNAUTHENTICATED', b: { code: 'forbidden' } }, code: 'constructor' }, 'by mistake');
    log.info({ token: 'FORBIDDEN', code: ['FORBIDDEN'] }, 'by mistake');
    const [denial, ...others] = lines.map((text) => JSON.parse(text));
    assert.equal(denial.code, 'FORBIDDEN');
    const redacted = '[redacted]';
    assert.deepEqual(
      others.map(({ code, token, a }) => ({ code, token, a })),
      [
        { code: redacted, token: undefined, a: { code: 'UNAUTHENTICATED', b: { code: redacted } } },
        { code: redacted, token: redacted, a: undefined },
      ],
    );
  });

  it('C-8 follows the log level', () => {
    const { access, lines } = kept('warn');
    access({ method: 'GET', route: '/', answer: { status: 200, ms: 1 } });
    assert.deepEqual(lines, []);
  });
});

describe('the ID of a request in the lines that its handler logs', () => {
  it('is in each line of the callback and of what it starts, and in no line of another callback', async () => {
    const { log, access, lines } = kept();
    const handle = async (id: string): Promise<void> => {
      enterRequestId(id);
      log.info('first');
      await setTimeout(1);
      log.info('late');
      access({ method: 'POST', route: '/graphql' });
    };
    const handled: Promise<void>[] = [];
    for (const id of ['a', 'b', 'c']) globalThis.setImmediate(() => handled.push(handle(id)));
    globalThis.setImmediate(() => withRequestId('d', () => handled.push(handle('e'))));
    globalThis.setImmediate(() => log.info('of another callback'));
    await setImmediate();
    await Promise.all(handled);
    log.info('of the start');
    const seen = lines.map((text) => JSON.parse(text)).map(({ reqId, msg }) => `${reqId}: ${msg}`);
    const expected = ['a', 'b', 'c', 'e'].flatMap((id) => [`${id}: first`, `${id}: late`, `${id}: request aborted`]);
    assert.deepEqual(
      seen.toSorted(),
      [...expected, 'undefined: of another callback', 'undefined: of the start'].toSorted(),
    );
  });
});

describe('G-19 the log', () => {
  const line = (members: object) => JSON.stringify({ level: 'warn', time: '2026-01-02T03:04:05.006Z', ...members });

  it('G-19 is readable text: time of day, level, message, members by name', () => {
    const text = readableLine(line({ reqId: 'r1', reason: 'two words', n: 3, list: ['a'], msg: 'it happened' }));
    assert.match(text, /^\d\d:\d\d:05\.006 WARN {2}it happened reqId=r1 reason="two words" n=3 list=\["a"\]\n$/);
  });

  it('G-19 an error has its stack on lines of its own', () => {
    const err = { type: 'TypeError', message: 'no', stack: 'TypeError: no\n    at one (a.ts:1:2)\n    at two' };
    const [, ...stack] = readableLine(line({ err, msg: 'failed' })).split('\n');
    assert.deepEqual(stack, ['    TypeError: no', '    at one (a.ts:1:2)', '    at two', '']);
  });

  it('G-19 it contains no character that moves the cursor or reverses the text', () => {
    const odd = 'a\u001B[2Jb\u202Ec\r\nd\u009Be';
    const text = readableLine(line({ [odd]: odd, err: { type: 'x', message: odd, stack: odd }, msg: odd }));
    assert.equal(text.split('\n').length, 4);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{C}/u);
  });

  const write = `import { createLogger } from '${root}src/observe/log.ts';
    const { log, access } = createLogger('info');
    log.warn({ token: 'hunter2' }, 'mind this');
    access({ method: 'GET', route: '/x', answer: { status: 200, ms: 1.2 } });`;
  const arguments_ = ['--input-type=module', '--eval', write];

  it('G-19 is one JSON object per line if standard output is not a terminal, also with forced colours', async () => {
    const writer = run(arguments_, { env: { FORCE_COLOR: '1' } });
    assert.equal(await writer.ended, 0, writer.output());
    const lines = writer
      .output()
      .trim()
      .split('\n')
      .filter((text) => !text.includes('ExperimentalWarning'));
    assert.deepEqual(
      lines.map((text) => JSON.parse(text).msg),
      ['mind this', 'request'],
    );
    assert.equal(JSON.parse(lines[0] ?? '').token, '[redacted]');
  });

  // This program of util-linux runs a command in a terminal.
  const terminal = '/usr/bin/script';
  const options = existsSync(terminal) ? {} : { skip: 'there is no /usr/bin/script, which makes a terminal' };
  for (const [env, coloured] of [
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ] as const) {
    it(
      `G-19 is text on a terminal, ${coloured ? 'with' : 'without'} colours: ${JSON.stringify(env)}`,
      options,
      async () => {
        const writer = run(['-qec', '"$NODE" --input-type=module --eval "$WRITE"', '/dev/null'], {
          program: terminal,
          env: { NODE: process.execPath, WRITE: write, ...env },
        });
        assert.equal(await writer.ended, 0, writer.output());
        const output = writer.output();
        assert.equal(output.includes('\u001B['), coloured, JSON.stringify(output));
        // oxlint-disable-next-line no-control-regex
        const text = output.replaceAll(/\u001B\[\d+m/g, '');
        assert.match(text, /^\d\d:\d\d:\d\d\.\d{3} WARN {2}mind this token=\[redacted\]\r?$/m);
        assert.match(text, /^\d\d:\d\d:\d\d\.\d{3} INFO {2}request method=GET route=\/x status=200 ms=1\.2\r?$/m);
      },
    );
  }
});
