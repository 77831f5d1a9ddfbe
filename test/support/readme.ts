import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { limitKinds } from '../../src/api/limits/limits.ts';
import { variables } from '../../src/config/variables.ts';
import { streamLimitKinds } from '../../src/config/streams.ts';
import { errorKinds } from '../../src/errors.ts';
import { attemptLimitKinds } from '../../src/identity/attempts/limits.ts';
import { realIssuers } from '../token/issuers/all.ts';
import { directiveExamples } from './directive-examples.ts';
import { root } from './process.ts';

/** The README's tables, made of what the code itself reads. */
const tables: Readonly<Record<string, () => string>> = {
  variables: () =>
    table(
      ['variable', 'default', 'expected'],
      Object.entries(variables).map(([name, { default: fallback, otherwise, expected }]) => [
        `\`${name}\``,
        fallback === undefined ? (otherwise ?? '') : `\`${fallback}\``,
        expected,
      ]),
    ),
  directive: () =>
    table(
      ['rule', 'what it means'],
      directiveExamples.map(({ rule, meaning }) => [`\`${rule.replaceAll('|', String.raw`\|`)}\``, meaning]),
    ),
  limits: () =>
    table(
      ['limit', 'default', 'what is counted'],
      Object.entries(limitKinds).map(([name, { default: fallback, counts }]) => [
        `\`${name}\``,
        fallback.toLocaleString('en'),
        counts,
      ]),
    ),
  streams: () =>
    table(
      ['limit', 'default', 'what is counted'],
      Object.entries(streamLimitKinds).map(([name, { default: fallback, counts }]) => [
        `\`${name}\``,
        fallback.toLocaleString('en'),
        counts,
      ]),
    ),
  attempts: () =>
    table(
      ['limit', 'default', 'what is counted'],
      Object.entries(attemptLimitKinds).map(([name, { default: fallback, counts }]) => [
        `\`${name}\``,
        fallback.toLocaleString('en'),
        counts,
      ]),
    ),
  issuers: () =>
    table(
      ['issuer', 'its entry, whose names are examples', 'described at'],
      realIssuers.map(({ name, entry, documented: [described] }) => [
        name,
        `\`${inspect(entry, { depth: null, breakLength: Infinity, compact: 9 })}\``,
        `[${new URL(described).hostname}](${described})`,
      ]),
    ),
  errors: () =>
    table(
      ['code', 'status', 'what it means'],
      Object.entries(errorKinds).map(([code, { status, meaning }]) => [`\`${code}\``, String(status), meaning]),
    ),
};

/** Fills in what stands between `<!-- table: … -->` or `<!-- file: … -->` and `<!-- end -->`. */
export function renderReadme(readme: string): string {
  return readme.replace(
    /(<!-- (table|file): (\S+) -->\n)[^]*?(<!-- end -->)/g,
    (_whole, head: string, kind: string, name: string, end: string) => {
      const content = kind === 'table' ? tables[name]?.() : file(name);
      if (content === undefined) throw new Error(`README.md asks for a table that there is not: ${name}`);
      return `${head}${content}\n${end}`;
    },
  );
}

/** A file of ours as its reader would write it: with the package's name where it says where the package is. */
function file(path: string): string {
  const text = readFileSync(`${root}${path}`, 'utf8').replace("'../../src/index.ts'", "'claimgate'");
  return `\`\`\`ts\n${text}\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
