import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeOfNode, ToolFault, writePlace } from '../../src/tools/report/fault.ts';
import { createProgress } from '../../src/tools/report/progress.ts';
import { counted, markdownCode, markdownTable, oneLine, textTable } from '../../src/tools/report/table.ts';

describe('the parts of reports', () => {
  it('have no control characters, and no line break in a cell', () => {
    assert.equal(oneLine('a\nb\u001b[31m\u2028c'), String.raw`a\nb\u{1b}[31m\u{2028}c`);
    assert.equal(
      textTable(
        ['one', 'two'],
        [
          ['a\nb', 'c'],
          ['', ''],
        ],
      ),
      'one   two\na\\nb  c\n\n',
    );
    assert.equal(markdownTable(['a'], [['x | <b>\ny']]), '| a |\n| --- |\n| x \\| &lt;b>\\ny |\n');
    assert.equal(
      markdownTable(['a'], [['![x](https://e.example)']]),
      '| a |\n| --- |\n| ![x]&#40;https://e.example) |\n',
    );
    assert.equal(markdownCode('a `b`'), '`` a `b` ``');
    assert.equal(counted(1_000, 'type'), '1,000 types');
    assert.equal(counted(1, 'type'), '1 type');
  });

  it('name the place of a fault in one line', () => {
    const fault = new ToolFault({ file: 'a\u001b.graphql', line: 3 }, 'is\n  wrong\u0007');
    assert.equal(fault.message, String.raw`a\u{1b}.graphql:3: is wrong\u{7}`);
    assert.equal(new ToolFault(null, 'x').message, 'x');
    assert.equal(writePlace({ file: 'a', line: null }), 'a');
    assert.equal(placeOfNode(undefined), null);
  });

  it('show progress on a terminal only, and remove it', () => {
    const written: string[] = [];
    let now = 0;
    const progressOn = (isTTY: boolean) => createProgress({ isTTY, write: (text) => written.push(text) }, () => now);
    const piped = progressOn(false);
    piped.show('one');
    piped.end();
    assert.deepEqual(written, []);
    const terminal = progressOn(true);
    terminal.show('one');
    now = 50;
    terminal.show('too soon');
    now = 150;
    terminal.show('two');
    terminal.end();
    terminal.end();
    assert.deepEqual(written, ['\r\u001b[2Kone', '\r\u001b[2Ktwo', '\r\u001b[2K']);
  });
});
