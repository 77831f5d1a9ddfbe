import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AppearanceEntry } from '../../../src/config/objects/appearance.ts';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { temporaryFolder } from '../../support/process.ts';

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>';

describe('the appearance of the pages', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const read = (appearance: AppearanceEntry, environment: Record<string, string> = {}) =>
    readServerConfig(environment, folder.path, { appearance });

  async function faultOf(appearance: unknown): Promise<string> {
    const { faults } = await read(appearance as AppearanceEntry);
    assert.equal(faults.length, 1, `one fault: ${faults.join(' | ')}`);
    assert.doesNotMatch(faults[0] ?? '', /\n/);
    return faults[0] ?? '';
  }

  it('has a name, a logo, colours and a support link', async () => {
    await writeFile(join(folder.path, 'logo.png'), pixel);
    const { config, faults } = await read({
      productName: 'Ordnung & Söhne 👩‍💻 שלום',
      logo: 'logo.png',
      accentColor: { light: '#0B6E4F', dark: '#7ee0b8' },
      supportLink: 'mailto:help@example.com?subject=Sign-in',
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(config.appearance, {
      productName: 'Ordnung & Söhne 👩‍💻 שלום',
      logo: { type: 'image/png', content: pixel },
      accentColor: { light: '#0B6E4F', dark: '#7ee0b8' },
      supportLink: 'mailto:help@example.com?subject=Sign-in',
    });
  });

  it('reads a relative logo from the folder of the configuration file', async () => {
    const own = join(folder.path, 'deploy');
    await mkdir(own);
    await writeFile(join(own, 'logo.svg'), `\ufeff<?xml version="1.0"?>\n<!-- drawn by hand -->${svg}`);
    await writeFile(join(own, 'settings.mjs'), `export default { appearance: { logo: './logo.svg' } };`);
    const { config, faults } = await readServerConfig({ CLAIMGATE_CONFIG: join(own, 'settings.mjs') }, folder.path);
    assert.deepEqual(faults, []);
    assert.equal(config.appearance.logo?.type, 'image/svg+xml');
  });

  it('refuses names that would break a line or change the direction of the text around them', async () => {
    const expected = /^config: appearance\.productName: expected 1 to 60 printable characters in one line/;
    for (const productName of ['', ' Shop', 'Shop ', 'a\nb', 'a\u202eb', 'a\u00a0b', 'x'.repeat(61), 7, null]) {
      assert.match(await faultOf({ productName }), expected, JSON.stringify(productName));
    }
  });

  it('names the nearest key', async () => {
    assert.match(await faultOf({ accentColour: {} }), /accentColour: there is no such key; .*nearest is accentColor/);
  });

  it('refuses a colour of another form', async () => {
    for (const light of ['red', '#fff', 'rgb(0, 0, 0)', '#1d4ed8ff', '#1d4ed8;}', 7]) {
      assert.equal(
        await faultOf({ accentColor: { light } }),
        `config: appearance.accentColor.light=${light}: expected a colour of six hexadecimal digits, such as #1d4ed8`,
      );
    }
    assert.match(await faultOf({ accentColor: '#1d4ed8' }), /expected \{ light: '#1d4ed8', dark: '#8ab4ff' \}/);
  });

  it('refuses a colour with too little contrast, in each colour scheme, and names the nearest that passes', async () => {
    assert.equal(
      await faultOf({ accentColor: { light: '#ffcc00' } }),
      'appearance.accentColor.light=#ffcc00: expected a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3); found 1.34:1 with #eef2f7, the ground of the page; the nearest colour that passes is #856b00',
    );
    const dark = await faultOf({ accentColor: { light: '#1d4ed8', dark: '#1d4ed8' } });
    assert.match(
      dark,
      /^appearance\.accentColor\.dark=#1d4ed8: .* found \d\.\d\d:1 with #18212d, the card behind links/,
    );
    const [, passing] = /passes is (#[\da-f]{6})$/.exec(dark) ?? [];
    assert.deepEqual((await read({ accentColor: { dark: `${passing}` } })).faults, []);
  });

  it('refuses a support link that could run a script or be read on the way', async () => {
    const refused = {
      'javascript:alert(1)': 'found the scheme javascript:',
      'JaVaScRiPt:alert(1)': 'found the scheme javascript:',
      ' data:text/html,x': 'found the scheme data:',
      'http://example.com/': 'found the scheme http:',
      '/help': '',
      'mailto:': 'found mailto: without one email address of ASCII characters',
      'mailto:a@b.example,c@d.example': 'found mailto: without one email address of ASCII characters',
      'https://user:secret@example.com/': 'found a user name or password in it',
    };
    for (const [supportLink, found] of Object.entries(refused)) {
      const fault = await faultOf({ supportLink });
      assert.match(fault, /^config: appearance\.supportLink: expected an https: or mailto: URL/);
      assert.ok(fault.endsWith(found), fault);
      assert.doesNotMatch(fault, /secret/);
    }
  });

  it('refuses a logo that is missing, too large, no regular file or no picture', async (t) => {
    const write = (name: string, content: string | Buffer) => writeFile(join(folder.path, name), content);
    await write('acme.png', pixel);
    await write('large.png', Buffer.concat([pixel, Buffer.alloc(262_144)]));
    await write('page.png', '<!doctype html><script>alert(1)</script><svg xmlns="http://www.w3.org/2000/svg"/>');
    await write('empty.svg', '');
    await write('bare.svg', '<svg viewBox="0 0 1 1"/>');
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(folder.path, 'socket'), resolve));
    t.after(() => void socket.close());
    const refused = {
      'acme.pgn': /there is no file \/.*\/acme\.pgn; the nearest is acme\.png$/,
      'large.png': /of at most 262144 bytes; .*large\.png has 262212 bytes$/,
      'page.png': /page\.png has other content$/,
      'empty.svg': /empty\.svg has other content$/,
      'bare.svg': /its element svg needs xmlns="http:\/\/www\.w3\.org\/2000\/svg"$/,
      '/dev/zero': /\/dev\/zero is not a regular file$/,
      socket: /socket cannot be read \(ENXIO\)$/,
      '.': / is a folder$/,
    };
    for (const [logo, pattern] of Object.entries(refused)) {
      const fault = await faultOf({ logo });
      assert.match(fault, /^appearance\.logo: expected a PNG, JPEG, WebP or SVG file/);
      assert.match(fault, pattern);
    }
    assert.match(await faultOf({ logo: '' }), /^config: appearance\.logo: expected the path of a PNG/);
  });

  it('needs no time for an SVG document with a long prolog', async () => {
    await writeFile(join(folder.path, 'prolog.svg'), `${'<!-- - -->'.repeat(20_000)}${svg}`);
    const before = process.cpuUsage();
    assert.deepEqual((await read({ logo: 'prolog.svg' })).faults, []);
    const { user } = process.cpuUsage(before);
    assert.ok(user < 2_000_000, `${user} µs`);
  });

  it('leaves only the name where no person signs in', async () => {
    await writeFile(join(folder.path, 'logo.png'), pixel);
    const environment = { CLAIMGATE_ISSUER: 'https://issuer.example' };
    assert.deepEqual((await read({ productName: 'Shop' }, environment)).faults, []);
    const { faults } = await read(
      { productName: 'Shop', logo: 'logo.png', supportLink: 'https://a.example' },
      environment,
    );
    assert.deepEqual(
      faults,
      ['logo', 'supportLink'].map(
        (name) => `appearance.${name}: expected to be left out, since with CLAIMGATE_ISSUER no person signs in here`,
      ),
    );
  });
});
