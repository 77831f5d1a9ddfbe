import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { describe, it } from 'node:test';
import { batchMs, maxWaiting, processOutput, roomForOthers } from '../../src/observe/output.ts';
import { root } from '../support/process.ts';

/** Makes an output whose destination and time are under the control of the test. */
function kept() {
  const written: string[] = [];
  const timers: { readonly run: () => void; readonly ms: number }[] = [];
  const test = {
    /** How many bytes the destination takes. A text: it throws an error with this code. */
    takes: Infinity as number | string,
    pauses: 0,
  };
  const output = processOutput(1, (lines) => `lost ${lines}\n`, {
    write(bytes) {
      if (typeof test.takes === 'string') throw Object.assign(new Error('no'), { code: test.takes });
      const taken = Math.min(test.takes, bytes.length);
      test.takes -= taken;
      if (taken > 0) written.push(Buffer.from(bytes.subarray(0, taken)).toString());
      return taken;
    },
    later: (run, ms) => void timers.push({ run, ms }),
    pause: () => {
      test.pauses += 1;
    },
  });
  /** Runs the timers. @returns their times */
  const wait = () =>
    timers.splice(0).map(({ run, ms }) => {
      run();
      return ms;
    });
  return { output, written, test, wait };
}

const line = `${'x'.repeat(999)}\n`;

describe('the output of the log', () => {
  it('writes access lines together, within 10 ms', () => {
    const { output, written, wait } = kept();
    for (const text of ['1\n', '2\n', '3\n']) output.writeSoon(text);
    assert.deepEqual(written, []);
    assert.deepEqual(wait(), [batchMs]);
    assert.deepEqual(written, ['1\n2\n3\n']);
    assert.deepEqual(wait(), []);
  });

  it('writes every other line at once, and keeps the order of all lines', () => {
    const { output, written, wait } = kept();
    output.writeSoon('1\n');
    output.write('2\n');
    assert.deepEqual(written, ['1\n2\n']);
    output.writeSoon('3\n');
    wait();
    output.writeSoon('4\n');
    output.writeAll();
    assert.equal(written.join(''), '1\n2\n3\n4\n');
  });

  it('writes access lines early if they are many', () => {
    const { output, written } = kept();
    for (let count = 0; count < 100; count += 1) output.writeSoon(line);
    assert.equal(written.length, 1);
  });

  it('continues inside a line of which the destination took a part', () => {
    const { output, written, test, wait } = kept();
    test.takes = 4;
    output.write('first ä\n');
    output.write('second\n');
    assert.deepEqual(written, ['firs']);
    test.takes = 4;
    wait();
    test.takes = Infinity;
    wait();
    assert.equal(written.join(''), 'first ä\nsecond\n');
  });

  for (const code of ['EAGAIN', 'ENOSPC', 'EIO']) {
    it(`keeps at most 1 MiB while the destination fails with ${code}, and then states how many lines were lost`, () => {
      const { output, written, test, wait } = kept();
      test.takes = code;
      for (let count = 0; count < 5_000; count += 1) {
        output.writeSoon(line);
        // The tries do not make room.
        if (count % 100 === 0) wait();
      }
      const forOthers = Math.floor(roomForOthers / line.length);
      for (let count = 0; count < 5_000; count += 1) output.write(`${'o'.repeat(999)}\n`);
      assert.deepEqual(written, []);
      test.takes = Infinity;
      wait();
      const text = written.join('');
      const lines = text.split('\n');
      assert.ok(text.length <= maxWaiting + 100, `${text.length} characters`);
      const others = lines.filter((found) => found.startsWith('o')).length;
      assert.ok(others >= forOthers, `${others} lines that are not access lines`);
      const whole = lines.slice(0, -2);
      assert.ok(whole.every((found) => found.length === 999));
      assert.equal(lines.at(-2), `lost ${10_000 - whole.length}`);
      output.write('next\n');
      assert.equal(written.at(-1), 'next\n');
    });
  }

  it('discards everything after the reader of the destination has ended', () => {
    const { output, written, test, wait } = kept();
    test.takes = 'EPIPE';
    output.write('1\n');
    test.takes = Infinity;
    output.write('2\n');
    output.writeSoon('3\n');
    wait();
    output.writeAll();
    assert.deepEqual(written, []);
  });

  it('tries for a second at the exit if the reader is slow, and once if the disk is full', () => {
    const slow = kept();
    slow.test.takes = 'EAGAIN';
    slow.output.writeSoon('1\n');
    slow.output.writeAll();
    assert.equal(slow.test.pauses, 50);
    slow.test.takes = 'ENOSPC';
    slow.output.writeAll();
    assert.equal(slow.test.pauses, 50);
  });
});

describe('the lines of answered requests', () => {
  const prologue = `import { createLogger } from './src/observe/log.ts';
    const { access, log } = createLogger('info');
    const answer = (status) => access({ method: 'POST', route: '/graphql', answer: { status, ms: 1 } });`;
  const start = (program: string, stdout: 'pipe' | number = 'pipe'): ChildProcess =>
    spawn(process.execPath, ['--conditions=claimgate-source', '--input-type=module', '-e', prologue + program], {
      cwd: root,
      stdio: ['ignore', stdout, 'pipe'],
    });
  /** Reads the log of a program to its end. */
  const read = async (child: ChildProcess) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stderr?.resume();
    const [code, signal] = await once(child, 'close');
    const lines = text.split('\n').slice(0, -1);
    return { ended: signal ?? code, lines: lines.map((found) => JSON.parse(found)) };
  };
  const statuses = async (program: string) => {
    const { ended, lines } = await read(start(program));
    return { ended, statuses: lines.map(({ status, msg }) => status ?? msg) };
  };

  it('survive an uncaught exception', async () => {
    const found = await statuses('answer(201); answer(202); throw new Error("fault");');
    assert.deepEqual(found, { ended: 1, statuses: [201, 202] });
  });

  it('survive an unhandled rejection and process.exit', async () => {
    const rejected = await statuses('answer(201); Promise.reject(new Error("fault")); answer(202);');
    assert.deepEqual(rejected.statuses, [201, 202]);
    const exited = await statuses('answer(201); process.exit(3);');
    assert.deepEqual(exited, { ended: 3, statuses: [201] });
  });

  it('survive a stop by SIGTERM, in their order among the other lines', async () => {
    const found = await statuses(
      `import { hearStopSignals } from './src/cli/start/stop-signals.ts';
      hearStopSignals();
      setTimeout(() => {}, 60_000);
      setTimeout(() => {
        answer(201);
        log.error('of the same request');
        answer(202);
        process.kill(process.pid, 'SIGTERM');
      });`,
    );
    assert.deepEqual(found, { ended: 143, statuses: [201, 'of the same request', 202] });
  });

  it('of the last 10 ms are lost if the process is killed, and no earlier line', async () => {
    const found = await statuses(
      `answer(201); answer(202);
      setTimeout(() => { answer(203); process.kill(process.pid, 'SIGKILL'); }, 200);`,
    );
    assert.deepEqual(found, { ended: 'SIGKILL', statuses: [201, 202] });
  });

  it('are never cut, block nothing and take no memory without end while nothing reads them', async () => {
    const child = start(`
      let count = 0;
      const more = () => {
        for (let each = 0; each < 1_000; each += 1) answer(200);
        count += 1_000;
        if (count < 50_000) return setImmediate(more);
        const { heapUsed } = process.memoryUsage();
        log.warn({ count, heapUsed }, 'end');
        process.stderr.write('end');
      };
      more();`);
    // Nothing reads the pipe until the program has written far more than the pipe and the output hold.
    await once(child.stderr ?? child, 'data');
    const { ended, lines } = await read(child);
    assert.equal(ended, 0);
    const { count, heapUsed } = lines.find(({ msg }) => msg === 'end') ?? {};
    const lost = lines.map((found) => found.lines ?? 0).reduce((sum: number, some: number) => sum + some, 0);
    const written = lines.filter(({ msg }) => msg === 'request').length;
    assert.ok(lost > 0);
    assert.equal(written + lost, count);
    assert.ok(heapUsed < 64 * 1024 * 1024, `${heapUsed} bytes`);
  });

  it('do not end the process if the disk is full', { skip: process.platform !== 'linux' }, async () => {
    const child = start(
      `for (let each = 0; each < 100_000; each += 1) answer(200);
      log.warn('the disk is full');
      setTimeout(() => { log.warn('still'); process.exit(7); }, 50);`,
      openSync('/dev/full', 'w'),
    );
    assert.equal((await read(child)).ended, 7);
  });

  it('do not end the process if their reader ends', async () => {
    const child = start(`setInterval(() => answer(200), 1); setTimeout(() => process.exit(7), 300);`);
    child.stderr?.resume();
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = await once(child, 'exit');
    assert.equal(code, 7);
  });
});
