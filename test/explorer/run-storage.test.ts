import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema } from 'graphql';
import { keptDocument, nameAt } from '../../src/explorer/client/run/keep/kept-document.ts';
import { keptVariables, type Secrecy } from '../../src/explorer/client/run/keep/kept-variables.ts';
import { type Backing, createOperationStorage } from '../../src/explorer/client/run/keep/storage.ts';

const schema = buildSchema(`
  type Query { find(by: Filter, hint: String, number: Int): String }
  input Filter { name: String  phrase: String  inner: [Filter!] }
`);
const sensitive = new Set(['Filter.phrase', 'Query.find(hint:)']);
const secrecy: Secrecy = {
  schema,
  isSensitive: (coordinate) => sensitive.has(coordinate),
  sensitiveNames: new Set([...sensitive].map(nameAt)),
};
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl';

/** A storage as a browser has it, in memory. */
function backing(): Backing & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (index) => [...values.keys()][index] ?? null,
    get length() {
      return values.size;
    },
  };
}

function tab(members: object) {
  const defaults = {
    id: 'a',
    title: 'A',
    hash: 'h',
    headers: null,
    operationName: null,
    response: null,
    variables: null,
  };
  return { ...defaults, ...members };
}

describe('the variables that are kept', () => {
  it('are those that reach no sensitive input', () => {
    const document =
      'query($f: Filter, $h: String, $n: Int, $p: String) { find(by: { inner: [{ phrase: $p }] }, hint: $h, number: $n) b: find(by: $f) }';
    const values = { f: { name: 'x' }, h: 'a', n: 1, p: 'b' };
    assert.deepEqual(keptVariables(document, values, secrecy), {
      variables: { f: { name: 'x' }, n: 1 },
      omitted: ['h', 'p'],
    });
  });

  it('are none whose value has a sensitive field, however deep', () => {
    const values = { f: { inner: [{ inner: [{ phrase: 'b' }] }] } };
    assert.deepEqual(keptVariables('query($f: Filter) { find(by: $f) }', values, secrecy).omitted, ['f']);
  });

  it('are none with a name or a value that looks like a secret', () => {
    const document =
      'query($a: Int, $password: Int, $clientSecret: Int, $b: Filter) { find(number: $a, by: $b) c: find(number: $password) d: find(number: $clientSecret) }';
    const values = { a: 1, password: 'x', clientSecret: 'y', b: { name: jwt } };
    assert.deepEqual(keptVariables(document, values, secrecy).omitted, ['password', 'clientSecret', 'b']);
  });

  it('are none if the document or the schema is unknown, and none at an argument that the schema does not have', () => {
    assert.deepEqual(keptVariables('query(', { a: 1 }, secrecy).omitted, ['a']);
    assert.deepEqual(keptVariables('{ find }', { a: 1 }, { ...secrecy, schema: null }).omitted, ['a']);
    assert.deepEqual(keptVariables('query($a: Int) { find(other: $a) }', { a: 1 }, secrecy).omitted, ['a']);
    let deep: unknown = 1;
    for (let level = 0; level < 30_000; level += 1) deep = [deep];
    assert.deepEqual(keptVariables('query($a: Int) { find(number: $a) }', { a: deep }, secrecy).omitted, ['a']);
  });
});

describe('the document that is kept', () => {
  const kept = (document: string, changes: Partial<Secrecy> = {}) => keptDocument(document, { ...secrecy, ...changes });
  const block = String.raw`"""hush \""" hush"""`;

  it('has no literal of a sensitive or usually secret input, however deep, and is unchanged otherwise', () => {
    const document = `query A($s: String = "OPEN", $h: String = "hush", $password: String = "hush") {
  # a comment: "stays"
  password: find(by: { phrase: "hush", inner: [{ name: "stays" }, { name: $s }] }, hint: $h, number: 7)
  b: find(hint: ${block})
  signIn(input: { secrets: ["hush", { inner: "hush" }], pin: 31337, status: OPEN }) @note(token: "hush")
}`;
    const { document: text, omitted } = kept(document);
    assert.equal(text, document.replace(block, '""').replaceAll('"hush"', '""').replace('31337', '0'));
    assert.deepEqual(omitted, ['h', 'password', 'phrase', 'hint', 'secrets', 'pin', 'token']);
  });

  it('has none while the person types it', () => {
    for (const document of [
      '{ find(hint: "hush',
      String.raw`{ find(hint: "x\" hush`,
      '{ find(hint: """hush\nhush',
      'mutation { a(password:"hush" b("',
      'query($password: String = "hush',
      ')]} { find(by: [[{ phrase: ["hush',
      'query($x: String = "hush") { find(hint: $x',
    ]) {
      assert.doesNotMatch(kept(document).document, /hush/, document);
    }
  });

  it('has no text at all if it is not known which inputs are sensitive', () => {
    const { document } = kept('{ find(other: "hush", number: 7) }', { schema: null, sensitiveNames: null });
    assert.equal(document, '{ find(other: "", number: 7) }');
  });

  it('takes time that grows with its length only', () => {
    const started = performance.now();
    for (const part of ['"', '"""', String.raw`\"""`, '{', '$a:', '-', 'a:"']) {
      kept(part.repeat(100_000 / part.length));
    }
    assert.ok(performance.now() - started < 5_000);
  });
});

describe('the storage of the explorer', () => {
  it('keeps tabs without headers, answers, hashes and secrets', () => {
    const store = backing();
    const storage = createOperationStorage(store, () => secrecy);
    const tabs = [
      tab({ query: 'query($h: String, $n: Int) { find(hint: $h, number: $n) }', variables: '{ "h": "hush", "n": 7 }' }),
      tab({
        query: '{ find(hint: "hush") }',
      }),
      tab({
        query: `# Bearer 0123456789abcdef\n{ find }`,
        headers: '{ "authorization": "Bearer xyz" }',
        response: 'hush',
      }),
    ];
    storage.setItem('graphiql:tabState', JSON.stringify({ tabs, activeTabIndex: 0 }));
    const text = JSON.stringify([...store.values]);
    for (const secret of ['hush', 'Bearer', '0123456789abcdef', 'xyz']) assert.ok(!text.includes(secret), secret);
    assert.equal(storage.getItem('graphiql:variables'), '{\n  "n": 7\n}');
    assert.match(String(storage.getItem('graphiql:query')), /^query\(/);
  });

  it('refuses headers, unknown names, and values of known names that look like a credential', () => {
    const store = backing();
    const storage = createOperationStorage(store, () => secrecy);
    const values: readonly (readonly [string, string])[] = [
      ['graphiql:headers', '{}'],
      ['graphiql:shouldPersistHeaders', 'true'],
      ['graphiql:token', 'x'],
      ['graphiql:theme', jwt],
      ['graphiql:theme', 'x'.repeat(1_000)],
      ['graphiql:tabState', 'not JSON'],
      ['graphiql:tabState', '[]'],
      ['theme', 'dark'],
    ];
    for (const [name, value] of values) storage.setItem(name, value);
    assert.equal(store.values.size, 0);
    assert.equal(storage.getItem('graphiql:headers'), null);
    storage.setItem('graphiql:theme', 'dark');
    assert.equal(storage.getItem('graphiql:theme'), 'dark');
  });

  it('keeps at most 50 operations of the history, and none of which it cannot keep the document', () => {
    const storage = createOperationStorage(backing(), () => secrecy);
    const queries = Array.from({ length: 80 }, (_, n) => ({
      query: `query Q${n} { find }`,
      label: n === 79 ? jwt : 'l',
    }));
    queries.push({ query: `# ${jwt}`, label: '' });
    storage.setItem('graphiql:queries', JSON.stringify({ queries }));
    const kept = JSON.parse(String(storage.getItem('graphiql:queries'))).queries;
    assert.equal(kept.length, 49);
    assert.equal(kept.at(-1).query, 'query Q79 { find }');
    assert.equal(kept.at(-1).label, undefined);
  });

  it('is bounded: a value beyond the bound is refused with the error after which GraphiQL drops old operations', () => {
    const storage = createOperationStorage(backing(), () => secrecy);
    const query = `{ find } #${'x'.repeat(90_000)}`;
    const text = JSON.stringify({ queries: Array.from({ length: 40 }, () => ({ query })) });
    assert.throws(() => storage.setItem('graphiql:queries', text), { name: 'QuotaExceededError' });
    assert.equal(storage.length, 0);
  });

  it('clears everything of its own and nothing else', () => {
    const store = backing();
    store.setItem('other', '1');
    const storage = createOperationStorage(store, () => secrecy);
    storage.setItem('graphiql:theme', 'dark');
    storage.clear();
    assert.deepEqual([...store.values], [['other', '1']]);
  });

  it('lives as long as the page where the browser refuses the storage', () => {
    const refusing: Backing = {
      ...backing(),
      setItem: () => {
        throw new DOMException('No.', 'SecurityError');
      },
    };
    for (const store of [null, refusing]) {
      const storage = createOperationStorage(store, () => secrecy);
      assert.equal(storage.isLasting, false);
      storage.setItem('graphiql:theme', 'dark');
      assert.equal(storage.getItem('graphiql:theme'), 'dark');
      assert.equal(storage.length, 1);
      storage.clear();
      assert.equal(storage.getItem('graphiql:theme'), null);
    }
  });
});
