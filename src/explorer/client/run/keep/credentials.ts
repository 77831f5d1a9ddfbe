/** The forms of credentials that are recognized in a text. */
const forms: readonly RegExp[] = [
  // A JWT or JWE: base64url parts, of which the first begins with `{"`.
  /\beyJ[\w-]{8,}\.[\w-]{8,}/,
  // An authorization header, or a member with that name.
  /\b(?:bearer|dpop|basic)\s+[\w.~+/-]{12,}/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Names of variables and fields whose values are often secret. */
const secretName =
  /pass(?:word|phrase|code)|secret|credential|token|assertion|authorization|verifier|api_?key|private_?key|^(?:code|otp|pin|jwt)$/i;

/** Whether a text contains something that looks like a token, a header with a token, or a private key. */
export function looksLikeCredential(text: string): boolean {
  return forms.some((form) => form.test(text));
}

/** Whether a value with this name is treated as secret, even without `@sensitive` in the schema. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
