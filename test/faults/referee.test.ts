import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Acknowledged, Facts } from './ledger.ts';
import { judge, longest } from './referee.ts';

const token: Acknowledged = {
  accessToken: 'access',
  refreshToken: 'refresh',
  account: 'ada@example.com',
  grant: 'g1',
  scopes: ['profile'],
  receivedAt: 1_000,
  expiresAt: 600_000,
};

const code = { kind: 'code', secret: 'code', account: 'ada@example.com', expiresAt: 60_000 } as const;

const sound: Facts = {
  tokens: [token],
  singleUse: [
    {
      ...code,
      uses: [
        { outcome: 'tokens', at: 1_000 },
        { outcome: 'refused', at: 9_000 },
      ],
    },
  ],
  endings: [],
  probes: [{ token, replica: 0, status: 200, at: 8_000 }],
  durations: [3],
  tooMany: 0,
};

describe('the referee', () => {
  it('finds nothing in a correct run', () => {
    assert.deepEqual(judge(sound), []);
  });

  const found: [string, RegExp, Partial<Facts>][] = [
    [
      'a code that yielded tokens twice',
      /yielded tokens 2 times/,
      {
        singleUse: [
          {
            ...code,
            uses: [
              { outcome: 'tokens', at: 1_000 },
              { outcome: 'tokens', at: 2_000 },
            ],
          },
        ],
      },
    ],
    [
      'a code that was refused at once',
      /was lost/,
      { singleUse: [{ ...code, uses: [{ outcome: 'refused', at: 1_000 }] }] },
    ],
    ['a token that was lost', /is lost/, { probes: [{ token, replica: 1, status: 401, at: 8_000 }] }],
    ['a token without an answer', /no answer/, { probes: [{ token, replica: 1, status: null, at: 8_000 }] }],
    ['a token that was not looked at', /not looked at/, { probes: [] }],
    [
      'a token that outlived its grant',
      /has ended/,
      { endings: [{ of: { grant: 'g1' }, reason: 'revoked', begunAt: 2_000, endedAt: 2_100 }] },
    ],
    ['F-12 a client that was refused for guessing', /refused 3 times for guessing/, { tooMany: 3 }],
    ['a request that hung', /took/, { durations: [longest + 1] }],
  ];
  for (const [name, words, changes] of found) {
    it(`finds ${name}`, () => {
      const faults = judge({ ...sound, ...changes });
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? '', words);
    });
  }

  it('accepts either answer if it is unknown whether the grant ended', () => {
    const endings = [{ of: { grant: 'g1' }, reason: 'revoked', begunAt: 2_000 }] as const;
    for (const status of [200, 401]) {
      assert.deepEqual(judge({ ...sound, endings, probes: [{ token, replica: 0, status, at: 8_000 }] }), []);
    }
  });
});
