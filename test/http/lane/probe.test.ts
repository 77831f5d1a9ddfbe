import assert from 'node:assert/strict';
import { IncomingMessage, OutgoingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { writeHead, writeHeadAsText } from '../../../src/http/lane/heads.ts';
import { LaneRequest } from '../../../src/http/lane/lane-request.ts';
import { probeNode } from '../../../src/http/lane/probe.ts';

/** Changes a method of Node for one test. */
function change(t: TestContext, prototype: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(prototype, name);
  Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
  t.after(() => {
    if (before) Object.defineProperty(prototype, name, before);
    else Reflect.deleteProperty(prototype, name);
  });
}

describe('the lane tries out the behaviour of Node that it depends on', () => {
  it('this version of Node is fit for the lane', async () => {
    assert.deepEqual(await probeNode(), { takesBodies: true, writeHead: writeHeadAsText });
  });

  it('a Node that cannot mark a request as read is fit too', async (t) => {
    change(t, IncomingMessage.prototype, '_dumpAndCloseReadable', undefined);
    assert.deepEqual(await probeNode(), { takesBodies: true, writeHead: writeHeadAsText });
  });

  it('if Node sends another head than the text, the heads are written with writeHead', async (t) => {
    const store = Reflect.get(OutgoingMessage.prototype, '_storeHeader') as (line: string, headers: string[]) => void;
    change(t, OutgoingMessage.prototype, '_storeHeader', function (this: object, line: string, headers: string[]) {
      store.call(this, line, [...headers, 'x-new', '1']);
    });
    assert.deepEqual(await probeNode(), { takesBodies: true, writeHead });
  });

  it('if Node does not give the body to the request, there is no lane', async (t) => {
    change(t, LaneRequest.prototype, 'takeBody', () => {});
    assert.deepEqual(await probeNode(), { takesBodies: false, writeHead });
  });
});
