import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Application } from '../../../src/identity/applications/application.ts';
import { nameFault, normalizedName, ownNameFault } from '../../../src/identity/applications/name.ts';
import { applicationOf, registrationRow } from '../../../src/identity/applications/rows.ts';
import { checkedChanges, checkedRegistration } from '../../../src/identity/applications/registration.ts';
import { shippedScopes } from '../../../src/identity/grants/scopes.ts';
import { ranMs } from '../../support/processor.ts';

const publicUrl = 'https://auth.example.com';
const rules = { catalogue: new Map(Object.entries(shippedScopes)), publicUrl };
const request = {
  applicationType: 'web',
  tokenEndpointAuthMethod: 'none',
  redirectUris: ['https://app.example/'],
} as const;
const present: Application = applicationOf({
  ...registrationRow({ ...request, name: 'Shop', scopes: null, registeredBy: 'ada' }),
  id: 'a1',
  created_at: 0,
});

/** Registering an application with a name, and renaming one, each as its owner and as an administrator. */
const ways: readonly ((name: string) => unknown)[] = [
  (name) => checkedRegistration({ ...request, name }, rules, 'ada'),
  (name) => checkedRegistration({ ...request, name }, rules, null),
  (name) => checkedChanges({ name }, present, rules, false),
  (name) => checkedChanges({ name }, present, rules, true),
];

const refuses = (name: string, message: RegExp) => {
  for (const way of ways) assert.throws(() => way(name), { message });
};

describe('F-8 names that look like the names of the server', () => {
  for (const [what, names] of Object.entries({
    'the name itself, in any case and place': [
      'Claimgate',
      'CLAIMGATE',
      'claimGate Login',
      'The Claimgate',
      'MyClaimgate2',
    ],
    'with spaces and signs between': [
      'Claim gate',
      'Claim-Gate',
      'C l a i m g a t e',
      'C·l·a·i·m·g·a·t·e',
      'claim_gate',
      'Claim🔑gate',
    ],
    'digits and signs for letters': ['C1aimgate', 'CIaimgate', 'C|aimgate', 'Cl4imgat3', 'C!aimg@te', 'Claim9ate'],
    'two letters that look like one': ['Clairngate', 'CLAIRNGATE'],
    Cyrillic: ['сlaimgate', 'Сlаimgаtе', 'сӏаімԍате'],
    Greek: ['Claimgαte', 'Claimgatε', 'Cλaimgate'.replace('λ', 'l')],
    'full width': ['Ｃｌａｉｍｇａｔｅ', 'ＣＬＡＩＭＧＡＴＥ'],
    mathematical: ['𝐂𝐥𝐚𝐢𝐦𝐠𝐚𝐭𝐞', '𝒞𝓁𝒶𝒾𝓂ℊ𝒶𝓉ℯ', '𝕮𝖑𝖆𝖎𝖒𝖌𝖆𝖙𝖊', '𝙲𝚕𝚊𝚒𝚖𝚐𝚊𝚝𝚎'],
    'circled, squared, regional': ['Ⓒⓛⓐⓘⓜⓖⓐⓣⓔ', '🅒🅛🅐🅘🅜🅖🅐🅣🅔 x', '🄲🄻🄰🄸🄼🄶🄰🅃🄴', '🇨🇱🇦🇮🇲🇬🇦🇹🇪 x'],
    'small capitals': ['ᴄʟᴀɪᴍɢᴀᴛᴇ', 'ᶜˡᵃⁱᵐᵍᵃᵗᵉ'],
    'other alphabets': ['ꓚꓡꓮꓲꓟꓖꓮꓔꓰ', 'ᏟᏞᎪᏆᎷᏀᎪᎢᎬ'],
    'accents and strokes': ['Çlåïmğätë', 'Cłaimgate', 'Claɩmɡate', 'Claımgate', 'c̣ḷạịṃg̣ạṭẹ'],
  })) {
    it(`F-8 ${what}`, () => {
      for (const name of names) {
        refuses(name, /^input\.name: expected (a name of its own|the letters of each word|a letter or a digit)/);
        assert.match(ownNameFault(normalizedName(name), publicUrl) ?? 'none', /looks like Claimgate/, name);
      }
    });
  }

  it('F-8 the host of the server', () => {
    for (const name of [
      'auth.example.com',
      'AUTH.EXAMPLE.COM',
      'Sign in to auth.example.com',
      'аuth.example.com',
      'auth example com',
    ]) {
      refuses(name, /looks like the address of the server|one alphabet/);
      assert.match(ownNameFault(name, publicUrl) ?? 'none', /address of the server/, name);
    }
    assert.equal(ownNameFault('Apple', 'https://app'), null);
    assert.match(ownNameFault('localhost', 'http://localhost:4000') ?? 'none', /address/);
  });

  for (const [what, names, message] of [
    [
      'zero width and other invisible characters',
      [
        'Cla\u200bimgate',
        'Sh\u00adop',
        'Sh\u2060op',
        'Sh\ufeffop',
        'Sh\u034fop',
        '\u3164',
        'a\u2800',
        'Shop\ufe0f',
        'Sh\u{e0041}op',
      ],
      /printable/,
    ],
    ['bidi controls', ['a\u202eb', 'a\u2066b', 'a\u200fb', '\u061ca'], /printable/],
    [
      'control characters, lines, private and unassigned ones',
      ['a\nb', 'a\tb', 'a\u0000', 'a\u2028b', 'a\ud800', '\ue000', 'a\u0378'],
      /printable|white space/,
    ],
    [
      'odd white space',
      ['Shop  App', 'Shop\u00a0App', '\u3000Shop', 'Shop\u2003App', 'Shop\u1680App', 'Shop\u2009'],
      /white space/,
    ],
    [
      'stacks of combining marks',
      [`S${'\u0301\u0316'.repeat(3)}hop`, 'Sh\u20ddop', '\u0301Shop', 'Shop \u0301App', 'a\u0332\u0333\u0334\u0335'],
      /combining marks/,
    ],
    ['words of several alphabets', ['Shoр', 'Раypal', 'αpple', 'Аррle', 'Яндеκс'], /one alphabet/],
    ['nothing to read', ['', '   ', '!!!', '🙂', '---'], /printable|letter or a digit/],
    ['more than 100 code points', ['x'.repeat(101), '𝕏'.repeat(101), 'x'.repeat(100_000)], /1 to 100/],
  ] as const) {
    it(`F-8 ${what}: refused, with the reason`, () => {
      for (const name of names) {
        assert.match(nameFault(normalizedName(name)) ?? 'none', message, JSON.stringify(name));
        refuses(name, /^input\.name: expected /);
      }
    });
  }

  it('may look like the name of the product only if an account registers the application', () => {
    const branded = { ...rules, productName: 'Ordnung & Söhne' };
    for (const name of ['Ordnung & Söhne', 'ORDNUNG-SOHNE', 'Ordnung Söhne Login', 'My 0rdnung & S\u00f6hne']) {
      assert.throws(
        () => checkedRegistration({ ...request, name }, branded, null),
        /looks like Ordnung & Söhne, the name on the pages of the server/,
        name,
      );
      // The applications of the product itself are registered by its administrators.
      assert.equal(checkedRegistration({ ...request, name }, branded, 'ada').name, name);
      assert.equal(checkedRegistration({ ...request, name }, rules, null).name, name);
    }
    for (const name of ['Ordnung', 'Unordnung und Söhne', 'Shop']) {
      assert.equal(checkedRegistration({ ...request, name }, branded, null).name, name);
    }
  });

  it('F-8 names that resemble no protected name are accepted, in any language', () => {
    for (const name of [
      'Shop',
      'Reclaim gates',
      'Claim Gateway',
      '<b>Shop</b> & "Co"',
      'Яндекс Почта',
      'Ελληνικά',
      '東京Tower',
      'ノートブック',
      '네이버',
      'Tiếng Việt',
      'नमस्ते क्षिं',
      'ทั้งหมด',
      'שלום',
      'مرحبا',
      'Ｓｈｏｐ',
      'Café №5',
      'x'.repeat(100),
      '𝕏'.repeat(100),
    ]) {
      assert.equal(nameFault(normalizedName(name)), null, name);
      assert.equal(ownNameFault(normalizedName(name), publicUrl), null, name);
    }
    assert.equal(checkedRegistration({ ...request, name: ' Cafe\u0301 ' }, rules, null).name, 'Café');
  });

  it('F-8 an application may keep its name, and the shipped application may have the name of the server', () => {
    assert.deepEqual(checkedChanges({ name: 'Claimgate' }, { ...present, name: 'Claimgate' }, rules, false), {
      name: 'Claimgate',
    });
    assert.deepEqual(checkedChanges({ name: 'Claimgate' }, { ...present, id: 'claimgate' }, rules, true), {
      name: 'Claimgate',
    });
  });

  it('F-8 every disguise made of marks, signs, case and lookalikes is recognized', () => {
    const disguises: Readonly<Record<string, readonly string[]>> = {
      c: ['c', 'C', 'с', 'ϲ', 'ᴄ', 'Ⓒ', 'ｃ', '𝐜'],
      l: ['l', 'L', '1', '|', 'I', 'ӏ', 'ʟ', '𝗅'],
      a: ['a', 'A', '@', '4', 'а', 'ɑ', 'á', '𝒂'],
      i: ['i', 'I', 'l', '1', 'í', 'і', 'ı'],
      m: ['m', 'M', 'м', 'rn', 'ᴍ', '𝓶'],
      g: ['g', 'G', 'ɡ', '9', 'ԍ', 'ğ'],
      t: ['t', 'T', '7', 'т', 'ţ'],
      e: ['e', 'E', '3', 'е', 'é', 'ẹ'],
    };
    const letters = Array.from('claimgate').map((letter) =>
      fc.tuple(
        fc.constantFrom(...(disguises[letter] ?? [])),
        fc.constantFrom('', '', '', ' ', '-', '.', '\u0301', '\u200b'),
      ),
    );
    fc.assert(
      fc.property(fc.tuple(...letters), (parts) => {
        const name = parts
          .flat()
          .join('')
          .replace(/[^\p{L}\p{N}]+$/u, '');
        assert.match(ownNameFault(name, publicUrl) ?? 'none', /looks like Claimgate/, name);
      }),
      { numRuns: 500 },
    );
  });

  it('F-8 every name is checked in a short time', () => {
    for (const name of [
      'a '.repeat(50),
      'rn'.repeat(50),
      `${'\u0301'.repeat(99)}a`,
      '\ufdfa'.repeat(100),
      'l'.repeat(1_000_000),
      'C l a i m '.repeat(100_000),
    ]) {
      const from = ranMs(process.pid);
      const normalized = normalizedName(name);
      if (nameFault(normalized) === null) ownNameFault(normalized, publicUrl);
      assert.ok(ranMs(process.pid) - from < 1_000);
    }
  });
});
