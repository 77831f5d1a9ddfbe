import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hashPassword, passwordMatches } from '../../../src/identity/accounts/password-hash.ts';
import { hashSecret, newSecret, secretMatches } from '../../../src/identity/keys/secrets.ts';

it('accepts the hashed password, and no other', async () => {
  const hash = await hashPassword('correct horse');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await passwordMatches('correct horse', hash), true);
  assert.equal(await passwordMatches('correct hors', hash), false);
  assert.equal(await passwordMatches('', hash), false);
});

it('hashes the same password differently each time', async () => {
  assert.notEqual(await hashPassword('same'), await hashPassword('same'));
});

it('accepts the composed and the decomposed form of a letter', async () => {
  assert.equal(await passwordMatches('caf\u00e9', await hashPassword('cafe\u0301')), true);
});

it('returns false for an account that does not exist', async () => {
  assert.equal(await passwordMatches('', undefined), false);
});

it('throws for a stored hash of another form', async () => {
  await assert.rejects(passwordMatches('x', 'plain text'), /argon2id/);
});

it('accepts the hashed secret, and no other', () => {
  const secret = newSecret();
  assert.equal(Buffer.from(secret, 'base64url').length, 32);
  assert.equal(secretMatches(secret, hashSecret(secret)), true);
  assert.equal(secretMatches(newSecret(), hashSecret(secret)), false);
  assert.equal(secretMatches('', hashSecret(secret)), false);
});
