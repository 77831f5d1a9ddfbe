import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartError } from '../src/errors.ts';
import { remoteKeys } from '../src/index.ts';

/** A public function of the kit, called with options only. */
interface Row {
  readonly name: string;
  /** How faults name an option: `createX.option` for most functions. */
  readonly place?: string;
  /** Accepts options of any shape, as a program without types may pass them. */
  readonly call: (options: any) => unknown;
  /** Valid options, with every option that has a type of its own. */
  readonly valid: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  /** Old names of options, and what the fault says about the new name. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Wrong values of options, and what the fault says was found. */
  readonly wrong: readonly (readonly [option: string, value: unknown, fault: RegExp])[];
  /** A mistyped option, and the option that was meant. */
  readonly mistyped: readonly [string, string];
}

const inSeconds = (name: string) => `${name}, in seconds; it was in milliseconds`;
const none = async () => null;

const rows: readonly Row[] = [
  {
    name: 'remoteKeys',
    call: remoteKeys,
    valid: {
      issuer: 'https://issuer.example',
      jwksUri: 'https://issuer.example/keys',
      fetch,
      clock: Date.now,
      refreshAfterSeconds: 0.5,
      maxAgeSeconds: 1,
      staleForSeconds: 1.5,
      timeLimitSeconds: 0.25,
      maxBytes: 1_000,
      cooldownSeconds: 0,
      unknownKeyCooldownSeconds: 0,
      metadataMaxAgeSeconds: 0,
      copies: { load: none, save: none },
      onEvent: () => {},
    },
    required: ['issuer'],
    renamed: {
      refreshAfter: inSeconds('refreshAfterSeconds'),
      maxAge: inSeconds('maxAgeSeconds'),
      staleFor: inSeconds('staleForSeconds'),
      timeLimit: inSeconds('timeLimitSeconds'),
      sizeLimit: 'maxBytes',
      cooldown: inSeconds('cooldownSeconds'),
      unknownCooldown: inSeconds('unknownKeyCooldownSeconds'),
      metadataMaxAge: inSeconds('metadataMaxAgeSeconds'),
    },
    wrong: [
      ['issuer', 5, /expected a string; found a number$/],
      ['jwksUri', 5, /jwksUri must be an https URL/],
      ['fetch', 'fetch', /expected a function; found a string$/],
      ['timeLimitSeconds', '5', /expected a number of seconds above 0 to 3600; found a string$/],
      ['timeLimitSeconds', 5_000, /expected a number of seconds above 0 to 3600; found 5000$/],
      ['cooldownSeconds', -1, /expected a number of seconds from 0; found -1$/],
      ['maxAgeSeconds', Number.NaN, /expected a number of seconds above 0; found NaN$/],
      ['maxBytes', null, /expected a number of bytes from 0; found null$/],
      ['copies', { load: none }, /expected a store of key sets, with the functions load and save; found an object$/],
      ['onEvent', Promise.resolve(), /expected a function; found a promise$/],
    ],
    mistyped: ['timeLimitSecond', 'timeLimitSeconds'],
  },
];

/** Returns the faults that the function throws. It must throw a StartError. */
function faultsOf({ call }: Row, options: unknown): readonly string[] {
  let thrown: unknown;
  try {
    call(options);
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof StartError, `expected a StartError, found ${String(thrown)}`);
  return thrown.faults;
}

for (const row of rows) {
  const { name, place = name, call, valid, required, renamed, wrong, mistyped } = row;
  describe(`the options of ${name}`, () => {
    it('are accepted, and so are undefined options and unknown options that are undefined', () => {
      const optional = Object.keys(valid).filter((option) => !required.includes(option));
      call(valid);
      call({ ...valid, ...Object.fromEntries(optional.map((option) => [option, undefined])) });
      call({
        ...valid,
        ...Object.fromEntries([...Object.keys(renamed), 'unknown'].map((option) => [option, undefined])),
      });
    });

    for (const [old, now] of Object.entries(renamed)) {
      it(`an old name is refused with the new one: ${old}`, () => {
        assert.deepEqual(faultsOf(row, { ...valid, [old]: 1 }), [`${place}: ${old} is now ${now}`]);
      });
    }

    for (const [option, value, fault] of wrong) {
      it(`a wrong value is refused: ${option}, ${typeof value}`, () => {
        const [found, ...others] = faultsOf(row, { ...valid, [option]: value });
        assert.deepEqual(others, []);
        assert.match(found ?? '', fault);
        assert.ok(found?.includes(option), found);
      });
    }

    it('an unknown name is refused with the nearest one', () => {
      const [typo, meant] = mistyped;
      assert.deepEqual(faultsOf(row, { ...valid, [typo]: 'a secret' }), [
        `${place}: there is no such option ${typo}; expected ${meant}`,
      ]);
    });

    it('a missing option is named', () => {
      for (const option of required) {
        for (const options of [{ ...valid, [option]: undefined }, without(valid, option)]) {
          const faults = faultsOf(row, options);
          assert.equal(faults.length, 1, faults.join('\n'));
          assert.ok(faults[0]?.includes(option), faults[0]);
          assert.match(faults[0] ?? '', /: expected .*; found nothing$/);
        }
      }
    });

    it('options of another kind are refused', () => {
      for (const [options, kind] of [
        [null, 'null'],
        [[], 'an array'],
        [() => {}, 'a function'],
        ['x', 'a string'],
      ]) {
        assert.deepEqual(faultsOf(row, options), [`${place}: expected an object; found ${String(kind)}`]);
      }
    });

    it('all faults are reported together', () => {
      const wrongOnes = new Map(wrong.map(([option, value]) => [option, value]));
      const options = {
        ...valid,
        ...Object.fromEntries(wrongOnes),
        ...Object.fromEntries(Object.keys(renamed).map((old) => [old, 1])),
        [mistyped[0]]: 1,
      };
      assert.equal(faultsOf(row, options).length, wrongOnes.size + Object.keys(renamed).length + 1);
    });
  });
}

function without(options: Readonly<Record<string, unknown>>, option: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== option));
}
