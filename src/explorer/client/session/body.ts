/**
 * Reads the body of an answer as text, with a bound: an answer without an end must not fill the memory of the page.
 *
 * @returns null if the body is larger. The rest is not read
 */
export async function readText({ body }: Pick<Response, 'body'>, maxBytes: number): Promise<string | null> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The largest answer to a request of the page itself, in bytes. */
const maxOwnAnswer = 8 * 1_048_576;

/** Reads the body of an answer to a request of the page itself. Null: it is not JSON, or it is too large. */
export async function readJson(response: Pick<Response, 'body'>): Promise<unknown> {
  try {
    return JSON.parse((await readText(response, maxOwnAnswer)) ?? 'null');
  } catch {
    return null;
  }
}
