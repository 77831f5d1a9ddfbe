// Replaces `fetch` in the process of a test file: each query is sent two times. See `switch.ts`.
import { isQuery, repeating } from './switch.ts';

const send = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? '' : String(input);
  if (init && isQuery(url, init)) {
    const first = await send(input, init).catch(() => null);
    await first?.arrayBuffer().catch(() => {});
    repeating();
  }
  return send(input, init);
};
