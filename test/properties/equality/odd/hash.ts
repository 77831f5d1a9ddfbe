/** Returns a number from 0 to below 2^32 that the text determines. */
export function hash(text: string): number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return (state ^ (state >>> 13)) >>> 0;
}
