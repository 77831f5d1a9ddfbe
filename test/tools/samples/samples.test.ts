import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getNamedType, isCompositeType, isObjectType, Kind, parse, parseConstValue, print, visit } from 'graphql';
import { coverageOf } from '../../../src/tools/coverage/coverage.ts';
import { diffOf } from '../../../src/tools/diff/diff.ts';
import { createFindNeeds } from '../../../src/tools/explain/needs.ts';
import { operationsOf } from '../../../src/tools/operations/read.ts';
import { sourceOfSdl } from '../../../src/tools/source/sdl.ts';
import { literalOf } from '../../../src/tools/values/literal.ts';
import { createValues } from '../../../src/tools/values/values.ts';
import { publicSchemas } from '../../support/schemas/public.ts';
import { github } from './github.ts';
import { nautical } from './nautical.ts';
import type { Sample, Samples } from './sample.ts';
import { shopify } from './shopify.ts';

const all: Readonly<Record<keyof typeof publicSchemas, Samples>> = { github, shopify, nautical };
type Sets = readonly string[];

/** Multiplies the alternatives of all rules, and leaves out the sets that have more than another one. `null`: no rule. */
function expectedOf(sample: Sample): Sets | null {
  const rules = Object.values(sample) as readonly string[];
  if (rules.length === 0) return null;
  const products = rules
    .map((rule) => rule.split(' | ').map((set) => set.split(' ').filter(Boolean)))
    .reduce<readonly string[][]>((sum, sets) => sum.flatMap((one) => sets.map((set) => [...one, ...set])), [[]])
    .map((set) => new Set(set));
  const least = products.filter((set) => !products.some((other) => other.size < set.size && other.isSubsetOf(set)));
  return [...new Set(least.map((set) => [...set].toSorted().join(' ')))].toSorted();
}

const setsOf = (sets: readonly (readonly string[])[]): Sets => sets.map((set) => set.toSorted().join(' ')).toSorted();

/** Adds an open root field for each type of a sample, so that an operation reads a field with the rules of the field only. */
function withOpenRoots(sdl: string, coordinates: readonly string[]): string {
  const root = /^schema\s*\{[^}]*\bquery: (\w+)/m.exec(sdl)?.[1] ?? 'Query';
  const types = new Set(
    coordinates.map((at) => at.split('.')[0] ?? '').filter((type) => type !== root && type !== 'Mutation'),
  );
  return `${sdl}\nextend type ${root} { ${[...types].map((type) => `sample${type}: ${type} @public`).join(' ')} }`;
}

/** Adds a rule to each sampled field, which no caller of the other schema needs. */
function withMoreRules(sdl: string, coordinates: ReadonlySet<string>): string {
  const rule = parseConstValue('["sample"]');
  const more = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'auth' },
    arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'scope' }, value: rule }],
  } as const;
  return print(
    visit(parse(sdl), {
      ObjectTypeDefinition: (node) => ({
        ...node,
        fields: (node.fields ?? []).map((field) =>
          coordinates.has(`${node.name.value}.${field.name.value}`)
            ? { ...field, directives: [...(field.directives ?? []), more] }
            : field,
        ),
      }),
    }),
  );
}

for (const name of ['github', 'shopify', 'nautical'] as const) {
  describe(`30 fields of ${name}, whose rules were read by hand`, () => {
    const samples = all[name];
    const coordinates = Object.keys(samples);
    const sdl = withOpenRoots(publicSchemas[name](), coordinates);
    const source = sourceOfSdl(`${name}.graphql`, [{ name: `${name}.graphql`, text: sdl }]);
    const fieldAt = (coordinate: string) => {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      const type = source.schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      return field ?? assert.fail(coordinate);
    };

    it('17.4-6 are as coverage finds them', () => {
      assert.equal(coordinates.length, 30);
      const { types, graph } = coverageOf(source);
      const fields = new Map(types.flatMap((type) => type.fields.map((field) => [field.coordinate, field])));
      for (const [coordinate, sample] of Object.entries(samples)) {
        const found = fields.get(coordinate);
        const form = found && graph.forms[found.form];
        assert.ok(found && form, coordinate);
        const expected = expectedOf(sample);
        assert.equal(found.state, expected ? 'guarded' : 'bare', coordinate);
        if (expected) assert.deepEqual(setsOf(form.alternatives.map(({ scopes }) => scopes)), expected, coordinate);
      }
    });

    it('17.4-6 are as explain finds them', () => {
      const values = createValues({ isRuled: () => false, fillsLists: false });
      const findNeeds = createFindNeeds(source);
      for (const [coordinate, sample] of Object.entries(samples)) {
        const [type = '', field = ''] = coordinate.split('.');
        const { args, type: returned } = fieldAt(coordinate);
        const given = values.requiredArguments(type, field, args);
        const text = given.map((one) => `${one.name}: ${literalOf(one.value, one.type)}`).join(', ');
        const leaf = `${field}${text && `(${text})`}${isCompositeType(getNamedType(returned)) ? ' { __typename }' : ''}`;
        const isRoot = type === source.schema.getQueryType()?.name || type === 'Mutation';
        const document = isRoot ? leaf : `sample${type} { ${leaf} }`;
        const operation = `${type === 'Mutation' ? 'mutation ' : ''}{ ${document} }`;
        const [found] = operationsOf([{ name: 'a.graphql', text: operation }], 'a.graphql').map(findNeeds);
        assert.ok(found);
        const isGuarded = found.elements.some(({ isForSomeTypes }) => !isForSomeTypes);
        assert.equal(isGuarded, expectedOf(sample) !== null, coordinate);
        assert.deepEqual(setsOf(found.leastScopes), expectedOf(sample) ?? [''], coordinate);
      }
    });

    it('17.4-6 are as diff finds them, where each of them gets wider', () => {
      const text = withMoreRules(sdl, new Set(coordinates));
      const before = sourceOfSdl('before.graphql', [{ name: 'before.graphql', text }]);
      const found = new Map(diffOf(before, source).changes.map((change) => [change.coordinate, change]));
      for (const [coordinate, sample] of Object.entries(samples)) {
        const change = found.get(coordinate);
        assert.ok(change?.isFinding && change.verdict === 'wider', coordinate);
        assert.ok(change.example?.operation, coordinate);
        const sets = expectedOf(sample)?.map((set) => set.replaceAll(' ', ' & ') || 'a token') ?? ['every caller'];
        const returned = getNamedType(fieldAt(coordinate).type);
        const way = isCompositeType(returned) ? ` -> ${returned.name}` : '';
        assert.equal(change.rule, `${sets.toSorted().join(' | ')}${way}`, coordinate);
      }
    });
  });
}
