import { inspect } from 'node:util';
import { limitKinds } from '../../src/api/limits/limits.ts';
import { variables } from '../../src/config/environment/variables.ts';
import { streamLimitKinds } from '../../src/config/objects/streams.ts';
import { errorKinds } from '../../src/errors.ts';
import { auditEventKinds, auditTypes } from '../../src/audit/event-types.ts';
import { attemptLimitKinds } from '../../src/identity/attempts/limits.ts';
import { realIssuers } from '../token/issuers/all.ts';
import { directiveExamples } from '../support/directive-examples.ts';
import { doses } from '../support/dose.ts';
import { engineFaults, executorFaults, weakGuards } from '../tools/attack/more-faults.ts';
import { caseRows } from './case-table.ts';
import { roomRows } from './room-table.ts';
import { table } from './table.ts';

/** The generated tables of the documentation, by name. They are made from the data that the code itself uses. */
export const tables: Readonly<Record<string, () => string>> = {
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
  limits: () => limitTable(limitKinds),
  streams: () => limitTable(streamLimitKinds),
  auditTypes: () =>
    table(
      ['type', 'what happened'],
      auditTypes.map((type) => [`\`${type.toUpperCase()}\``, auditEventKinds[type].description]),
    ),
  attempts: () => limitTable(attemptLimitKinds),
  issuers: () =>
    table(
      ['issuer', 'its entry (hosts, IDs, roles and scopes are examples)', 'described at'],
      realIssuers.map(({ name, entry, documented: [described] }) => [
        name,
        `\`${inspect(entry, { depth: null, breakLength: Infinity, compact: 9 })}\``,
        `[${new URL(described).hostname}](${described})`,
      ]),
    ),
  rooms: () => table(['room', 'what it is for', 'may import', 'never loads'], roomRows()),
  cases: () => table(['case', 'behaviour', 'specification', 'level', 'shown by'], caseRows()),
  doses: () =>
    table(
      ['part', 'what is counted', 'small', 'full'],
      Object.entries(doses).map(([path, { counts, small, full }]) => [
        `[${path}](${path})`,
        counts,
        ...[small, full].map((amount) => amount.toLocaleString('en')),
      ]),
    ),
  attackFaults: () =>
    table(
      ['where', 'fault'],
      [
        ...engineFaults.map(([name]) => ['the engine', name] as const),
        ...Object.keys(executorFaults).map((name) => ['the executor of known documents', name] as const),
        ...weakGuards.map((name) => ['another guard', name] as const),
      ],
    ),
  errors: () =>
    table(
      ['code', 'status', 'what it means'],
      Object.entries(errorKinds).map(([code, { status, otherwise = {}, meaning }]) => {
        const others = Object.values(otherwise);
        return [
          `\`${code}\``,
          [status, ...others.map((other) => other.status)].join(', '),
          [meaning, ...others.map((other) => `${other.status}: ${other.when}.`)].join(' '),
        ];
      }),
    ),
};

function limitTable(kinds: Readonly<Record<string, { default: number; counts: string }>>): string {
  return table(
    ['limit', 'default', 'what is counted'],
    Object.entries(kinds).map(([name, { default: fallback, counts }]) => [
      `\`${name}\``,
      fallback.toLocaleString('en'),
      counts,
    ]),
  );
}
