import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { withoutPictures } from '../../src/explorer/client/run/send/schema-texts.ts';
import { hostileText } from '../support/hostile-text.ts';

describe('the texts of a schema', () => {
  it('have no picture in Markdown after the schema is read, wherever they are', () => {
    const text = JSON.stringify(hostileText);
    const schema = buildSchema(`
      ${text} type Query { ${text} a(${text} b: In): E @deprecated(reason: ${text}) }
      ${text} input In { ${text} c: String = "![kept](x)" }
      ${text} enum E { ${text} F @deprecated(reason: ${text}) }
    `);
    const answer = { data: introspectionFromSchema(schema, { inputValueDeprecation: true }) };
    withoutPictures(answer);
    const found = JSON.stringify(answer).match(/!\[[^\]]*\]/g) ?? [];
    assert.deepEqual(found, ['![kept]']);
  });
});
