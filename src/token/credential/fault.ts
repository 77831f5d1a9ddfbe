/** Common faults in the value of an `Authorization` header. The fault of the first pattern that matches is reported. */
const signs: readonly (readonly [sign: RegExp, fault: string])[] = [
  [
    /^(?:(?:bearer|dpop) +)?(?:null|undefined|none|nan|false|true|\[object \w+\])$/i,
    'it holds the text of a missing value, leave it out where there is no token',
  ],
  [/^(?:bearer|dpop)$/i, 'the token is missing'],
  [/^(?:bearer|dpop)\s*:/i, 'a colon stands behind the scheme'],
  [/^(?:bearer|dpop) +(?:bearer|dpop)\b/i, 'the scheme stands twice'],
  [/^["'`]|^(?:bearer|dpop)\s+["'`]/i, 'it holds quotation marks'],
  [/^(?:(?:bearer|dpop)\s+)?(?:\{\{|\$|<|%|:)/i, 'it holds a placeholder that was not filled in'],
  [/,\s*(?:bearer|dpop|basic)\b/i, 'it holds more than one credential'],
  [/^(?:bearer|dpop) +\S+\s+\S/i, 'white space stands within the token'],
  [/^(?:bearer|dpop)(?! )\s/i, 'one space must stand behind the scheme'],
  [/^basic\b/i, 'the scheme Basic is not accepted here'],
  [/^(?:jwt|token|access_token|apikey|api-key|digest|negotiate|oauth|id_token)\b/i, 'the scheme is another'],
  [/^[\w-]+\.[\w-]+\.[\w-]*$/, 'the scheme is missing'],
];

/**
 * Returns the message for a malformed `Authorization` header. The message names a common fault if it finds one. It
 * contains no part of the value.
 */
export function credentialFault(value: string): string {
  const expected = 'The Authorization header must be of the form `Bearer <token>` or `DPoP <token>`';
  const [, fault] = signs.find(([sign]) => sign.test(value.trim())) ?? [];
  return fault === undefined ? `${expected}.` : `${expected}: ${fault}.`;
}

/** Whether a token is a text that programs write for a missing value, such as `undefined`. */
export function isMissingValue(token: string): boolean {
  return /^(?:null|undefined|none|nan|false|true)$/i.test(token);
}
