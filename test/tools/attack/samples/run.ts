import { copySchema } from '../../../../src/auth/given/copy-schema.ts';
import { wordsOfForm } from '../../../../src/auth/algebra/words.ts';
import { personaPrincipal } from '../../../../src/testing/persona-principal.ts';
import { runAttack } from '../../../../src/tools/attack/attack.ts';
import { mintedPersonas } from '../../../../src/tools/attack/callers/short-of.ts';
import type { Endpoint } from '../../../../src/tools/attack/endpoints/endpoint.ts';
import { inProcess } from '../../../../src/tools/attack/endpoints/in-process.ts';
import { recordedSource } from '../../../../src/tools/attack/endpoints/recorded-schema.ts';
import { placeRecorders } from '../../../../src/tools/attack/endpoints/recorders.ts';
import type { Target } from '../../../../src/tools/attack/places/target.ts';
import type { AttackReport } from '../../../../src/tools/attack/report/findings.ts';
import { createJudge } from '../../../../src/tools/attack/verdict/judge.ts';
import type { RuleSource } from '../../../../src/tools/source/rule-source.ts';

/** What an attack on some elements of a schema did. */
export interface SampleRun {
  readonly report: AttackReport;
  /** The places that were tried, by the coordinate of the element. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
  /** What each element requires, in words. */
  readonly requires: (coordinate: string) => string;
}

/** Attacks some elements of a schema, with its guard or without any. Its values are made. */
export async function runSample(source: RuleSource, only: readonly string[], isGuarded: boolean): Promise<SampleRun> {
  const judge = createJudge(source.rules, true, Date.now);
  const endpoint = inProcess({
    ...(isGuarded ? recordedSource(source) : { schema: unguarded(source) }),
    isRecorded: true,
    runsMutations: false,
    context: (principal) => ({ principal }),
  });
  const places = new Map<string, Set<string>>();
  const report = await runAttack({
    source,
    endpoint: observed(endpoint, places),
    judge,
    personas: mintedPersonas(judge, personaPrincipal, Date.now),
    examples: {},
    seed: 1,
    only,
    extent: { places: 3, personas: 2, perWay: 1, prepared: 1 },
  });
  return {
    report,
    places,
    requires: (coordinate) => wordsOfForm(judge.formOf(source.rules.filter((rule) => rule.coordinate === coordinate))),
  };
}

function unguarded(source: RuleSource) {
  const schema = copySchema(source.schema);
  placeRecorders(schema, source.rules, false);
  return schema;
}

function observed(endpoint: Endpoint, places: Map<string, Set<string>>): Endpoint {
  return {
    ...endpoint,
    transports: endpoint.transports.map((one) => ({
      ...one,
      send(request) {
        const { target } = request;
        const known = places.get(target.coordinate) ?? new Set();
        places.set(target.coordinate, known.add(placeOf(target)));
        return one.send(request);
      },
    })),
  };
}

/** Writes a place as `blog.metafield(key).parent<Shop>`: its fields, their arguments, and the types of fragments. */
function placeOf({ route }: Target): string {
  return route.hops
    .map(({ field, args, narrow }) => {
      const given = args.length === 0 ? '' : `(${args.map(({ name }) => name).join(' ')})`;
      return `${field}${given}${narrow === null ? '' : `<${narrow}>`}`;
    })
    .join('.');
}
