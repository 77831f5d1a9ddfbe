import type { Place } from '../../report/fault.ts';
import type { AttackReport, WayIn } from './findings.ts';

/**
 * Writes what an attack found as SARIF 2.1.0 (OASIS), for code scanning. A result has the place of its element, if the
 * schema was read from a file.
 *
 * @param placeOf - returns where an element is defined
 */
export function attackSarif(
  { schema, seed, counts, waysIn, notTried }: AttackReport,
  placeOf: (coordinate: string) => Place | null,
): string {
  const ids = [...new Set(waysIn.map(ruleIdOf))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'claimgate attack',
            rules: ids.map((id) => ({ id, shortDescription: { text: descriptions[id] } })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notTried.map(({ coordinate, reason }) => ({
              level: 'warning',
              message: { text: `${coordinate} was not tried: ${reason}` },
            })),
          },
        ],
        results: waysIn.map((one) => ({
          ruleId: ruleIdOf(one),
          level: 'error',
          message: { text: sentenceOf(one) },
          locations: [{ ...physical(placeOf(one.coordinate), schema), logicalLocations: [logical(one)] }],
          partialFingerprints: { 'claimgate/v1': `${one.coordinate} ${one.by} ${one.way}` },
          properties: { ...one },
        })),
        properties: { schema, seed, counts },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

type RuleId = 'value-without-rule' | 'resolver-without-rule';

const descriptions: Readonly<Record<RuleId, string>> = {
  'value-without-rule': 'A caller whom the rules do not let in gets a value.',
  'resolver-without-rule': 'A resolver runs for a caller whom the rules do not let in.',
};

function ruleIdOf({ by }: WayIn): RuleId {
  return by === 'value' ? 'value-without-rule' : 'resolver-without-rule';
}

/** Says what a way in is, in one sentence. */
export function sentenceOf({ coordinate, requires, by, at, way, transport, persona }: WayIn): string {
  const what = by === 'value' ? `gets a value at ${at}` : `makes the resolver of ${at} run`;
  return `${coordinate} requires ${requires}. A caller ${persona} ${what} (${way}, ${transport}).`;
}

function physical(place: Place | null, schema: string) {
  const uri = encodeURI(place?.file ?? schema);
  return {
    physicalLocation: {
      artifactLocation: { uri },
      ...(place?.line != null && { region: { startLine: place.line } }),
    },
  };
}

function logical({ coordinate }: WayIn) {
  return { fullyQualifiedName: coordinate, kind: coordinate.includes('.') ? 'member' : 'type' };
}
