import { isRecord } from '../../../src/protocol/record.ts';

/** A member of an object: a kind of value, a list of it, or another object of the table. */
type Kind = 'text' | 'integer' | 'boolean' | 'uri' | 'bag' | 'level' | (string & {});

/** An object of SARIF, as far as the report uses it. The specification allows no other members, except in property bags. */
interface Shape {
  readonly section: string;
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, Kind>>;
}

/** The objects of the report, by the sections of SARIF 2.1.0 (OASIS Standard). `[]`: a list. */
const shapes: Readonly<Record<string, Shape>> = {
  log: {
    section: '3.13',
    required: ['version', 'runs'],
    members: { $schema: 'uri', version: 'text', runs: 'run[]', properties: 'bag' },
  },
  run: {
    section: '3.14',
    required: ['tool'],
    members: { tool: 'tool', invocations: 'invocation[]', results: 'result[]', properties: 'bag' },
  },
  tool: { section: '3.18', required: ['driver'], members: { driver: 'component' } },
  component: {
    section: '3.19',
    required: ['name'],
    members: { name: 'text', version: 'text', informationUri: 'uri', rules: 'rule[]' },
  },
  rule: { section: '3.49', required: ['id'], members: { id: 'text', shortDescription: 'multiformat', helpUri: 'uri' } },
  multiformat: { section: '3.12', required: ['text'], members: { text: 'text', markdown: 'text' } },
  invocation: {
    section: '3.20',
    required: ['executionSuccessful'],
    members: { executionSuccessful: 'boolean', toolExecutionNotifications: 'notification[]' },
  },
  notification: { section: '3.58', required: ['message'], members: { level: 'level', message: 'message' } },
  result: {
    section: '3.27',
    required: ['message'],
    members: {
      ruleId: 'text',
      ruleIndex: 'integer',
      level: 'level',
      message: 'message',
      locations: 'location[]',
      partialFingerprints: 'texts',
      properties: 'bag',
    },
  },
  message: { section: '3.11', required: ['text'], members: { text: 'text', markdown: 'text' } },
  location: {
    section: '3.28',
    required: [],
    members: { physicalLocation: 'physical', logicalLocations: 'logical[]' },
  },
  physical: {
    section: '3.29',
    required: ['artifactLocation'],
    members: { artifactLocation: 'artifact', region: 'region' },
  },
  artifact: { section: '3.4', required: [], members: { uri: 'uri', uriBaseId: 'text' } },
  region: {
    section: '3.30',
    required: ['startLine'],
    members: { startLine: 'integer', startColumn: 'integer', endLine: 'integer' },
  },
  logical: {
    section: '3.33',
    required: [],
    members: { name: 'text', fullyQualifiedName: 'text', kind: 'text' },
  },
};

const levels: ReadonlySet<unknown> = new Set(['none', 'note', 'warning', 'error']);

/** Lists what a value has against the shape of a SARIF log. */
export function faultsOfSarif(value: unknown): readonly string[] {
  return [...faultsOf('log', value, '$')];
}

function* faultsOf(kind: Kind, value: unknown, at: string): Iterable<string> {
  if (kind.endsWith('[]')) {
    if (!Array.isArray(value)) yield `${at}: expected an array`;
    else for (const [index, item] of value.entries()) yield* faultsOf(kind.slice(0, -2), item, `${at}[${index}]`);
    return;
  }
  const shape = shapes[kind];
  if (!shape) {
    if (!isKind(kind, value)) yield `${at}: expected ${kind}`;
    return;
  }
  const { section, required, members } = shape;
  if (!isRecord(value)) {
    yield `${at}: expected an object (${section})`;
    return;
  }
  for (const name of required) if (!(name in value)) yield `${at}: expected ${name} (${section})`;
  for (const [name, member] of Object.entries(value)) {
    const of = members[name];
    if (of === undefined) yield `${at}: expected no member ${name} (${section})`;
    else yield* faultsOf(of, member, `${at}.${name}`);
  }
}

function isKind(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value) && Number(value) > 0;
    case 'boolean':
      return typeof value === 'boolean';
    // A reference too (RFC 3986 §4.1).
    case 'uri':
      return typeof value === 'string' && /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(value);
    case 'level':
      return levels.has(value);
    case 'texts':
      return isRecord(value) && Object.values(value).every((one) => typeof one === 'string');
    case 'bag':
      return isRecord(value);
    default:
      throw new TypeError(`unknown kind ${kind}`);
  }
}
