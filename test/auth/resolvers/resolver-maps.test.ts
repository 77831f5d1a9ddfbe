import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLObjectType, GraphQLScalarType, GraphQLString } from 'graphql';
import type { SchemaModule } from '../../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { guard, holder, run } from '../../support/modules.ts';

// The tests pass values of any shape, because teams without TypeScript can do that.
const shaped = (resolvers: unknown): NonNullable<SchemaModule['resolvers']> =>
  resolvers as NonNullable<SchemaModule['resolvers']>;

function faultsOf(typeDefs: string, resolvers: unknown): readonly string[] {
  try {
    createGuardedSchema({ modules: [{ name: 'team', typeDefs, resolvers: shaped(resolvers) }] });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

async function dataOf(typeDefs: string, resolvers: unknown, source: string): Promise<unknown> {
  const { data, errors } = await run(guard(typeDefs, shaped(resolvers)), source, holder('a'));
  assert.equal(errors, undefined);
  return data;
}

const sdl = 'type Query { me: Person @public } type Person { name: String  secret: String }';
const me = () => ({ name: 'ada', secret: 'raw' });

class Base {
  readonly #prefix = 'resolved';
  name(person: { name: string }): string {
    return `${this.#prefix} ${person.name}`;
  }
}
class PersonResolvers extends Base {
  get secret() {
    return () => `hidden by ${this.#by()}`;
  }
  #by(): string {
    return 'a getter';
  }
}

describe('G-7 resolver maps of every style run', () => {
  const expected = { me: { name: 'resolved ada', secret: 'hidden by a getter' } };

  it('G-7 methods, inherited ones and getters of a class run on their instance', async () => {
    const resolvers = { Query: { me }, Person: new PersonResolvers() };
    assert.deepEqual(await dataOf(sdl, resolvers, '{ me { name secret } }'), expected);
  });

  it('G-7 the whole map may be an instance, and there may be several maps', async () => {
    class Resolvers {
      get Person() {
        return new PersonResolvers();
      }
    }
    assert.deepEqual(await dataOf(sdl, [{ Query: { me } }, [new Resolvers()]], '{ me { name secret } }'), expected);
  });

  it('G-7 prototypes, null prototypes and properties that are not enumerable count', async () => {
    const person = Object.create(new Base());
    Object.defineProperty(person, 'secret', { value: () => 'defined' });
    const query = Object.assign(Object.create(null), { me });
    const data = await dataOf(sdl, { Query: query, Person: Object.create(person) }, '{ me { secret } }');
    assert.deepEqual(data, { me: { secret: 'defined' } });
  });

  it('G-7 an object with resolve and subscribe may be an instance', async () => {
    class Me {
      readonly #name = 'ada';
      resolve() {
        return { name: this.#name };
      }
    }
    assert.deepEqual(await dataOf(sdl, { Query: { me: new Me() } }, '{ me { name } }'), { me: { name: 'ada' } });
  });

  it('G-7 __resolveType in a class decides the type', async () => {
    const typeDefs = `type Query { one: Named @public  either: Either @public } union Either = A | B
      interface Named { x: Int } type A implements Named { x: Int } type B implements Named { x: Int }`;
    class Types {
      readonly #name = 'B';
      __resolveType(): string {
        return this.#name;
      }
    }
    const resolvers = { Query: { one: () => ({}), either: () => ({}) }, Named: new Types(), Either: new Types() };
    const data = await dataOf(typeDefs, resolvers, '{ one { __typename } either { __typename } }');
    assert.deepEqual(data, { one: { __typename: 'B' }, either: { __typename: 'B' } });
  });

  it('G-7 scalars are types, maps or instances, and keep the name of the schema', async () => {
    const typeDefs = 'scalar S type Query { s(given: S): S @public }';
    const both = {
      serialize: (value: unknown) => `<${String(value)}>`,
      parseValue: (value: unknown) => `(${String(value)})`,
    };
    class Scalar {
      readonly #open = '<';
      serialize(value: string) {
        return `${this.#open}${value}>`;
      }
      parseValue(value: string) {
        return `(${value})`;
      }
    }
    const prefixed = { __serialize: both.serialize, __parseValue: both.parseValue };
    for (const scalar of [new GraphQLScalarType({ name: 'Other', ...both }), both, prefixed, new Scalar()]) {
      const resolvers = { S: scalar, Query: { s: (_source: unknown, { given }: { given: string }) => given } };
      assert.deepEqual(await dataOf(typeDefs, resolvers, '{ s(given: "x") __type(name: "S") { name } }'), {
        s: '<(x)>',
        __type: { name: 'S' },
      });
    }
  });

  it('G-7 enums have the internal values of an object, an instance or a getter', async () => {
    class Colours {
      readonly RED = 1;
      get BLUE() {
        return 2;
      }
    }
    const resolvers = { Colour: new Colours(), Query: { one: () => 1, two: () => 2 } };
    const typeDefs = 'enum Colour { RED BLUE } type Query { one: Colour @public  two: Colour @public }';
    assert.deepEqual(await dataOf(typeDefs, resolvers, '{ one two }'), { one: 'RED', two: 'BLUE' });
  });

  it('G-7 a field with the name of a member of every object inherits no resolver', async () => {
    const typeDefs = 'type Query { own: Own @public } type Own { valueOf: String  constructor: String  x: Int }';
    const value = { valueOf: 'v', constructor: 'c' };
    const resolvers = { Query: { own: () => value }, Own: { x: () => 1 } };
    const data = await dataOf(typeDefs, resolvers, '{ own { valueOf constructor x } }');
    assert.deepEqual(data, { own: { valueOf: 'v', constructor: 'c', x: 1 } });
  });
});

describe('G-7 a value that cannot be a resolver map stops the start and is named', () => {
  class Helped extends Base {
    helper() {
      return 1;
    }
  }
  const wrong: Readonly<Record<string, readonly [resolvers: unknown, fault: RegExp]>> = {
    'a class': [{ Person: PersonResolvers }, /^Person \(module "team"\): is the class PersonResolvers; .*new Person/],
    'a function': [{ Person: () => ({}) }, /^Person \(module "team"\): is a function/],
    null: [{ Person: null }, /^Person \(module "team"\): is null/],
    undefined: [{ Person: undefined }, /^Person \(module "team"\): is of type undefined/],
    'an array': [{ Person: [{}] }, /^Person \(module "team"\): is an array/],
    'a Map': [{ Person: new Map([['name', me]]) }, /^Person \(module "team"\): is a Map; .*Object\.fromEntries/],
    'a Map of all': [new Map([['Person', {}]]), /^module "team": resolvers is a Map/],
    'a function of all': [() => ({}), /^module "team": resolvers is a function/],
    'a promise of all': [Promise.resolve({}), /^module "team": resolvers is a promise/],
    'a helper method': [{ Person: new Helped() }, /^Person\.helper .*not in the schema; .*#private/],
    'a getter that throws': [
      {
        Person: {
          get name() {
            throw new TypeError('gone');
          },
        },
      },
      /^Person\.name \(module "team"\): is a getter that throws; .*TypeError: gone/,
    ],
  };
  for (const [name, [resolvers, fault]] of Object.entries(wrong)) {
    it(`G-7 ${name}`, () => {
      const faults = faultsOf(sdl, resolvers);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', fault);
    });
  }
});

describe('G-8 resolvers that would never run stop the start', () => {
  const typeDefs = `
    interface Named { name: String } type Dog implements Named { name: String } type Cat implements Named { name: String }
    union Pet = Dog | Cat  enum Colour { RED }  scalar Date  input Filter { name: String }
    type Query { pet(filter: Filter): Pet @public  colour: Colour @public  date: Date @public }
    type Subscription { pets: Pet @public }`;
  const subscribe = async function* () {};
  const pets = { Subscription: { pets: { subscribe } } };
  const x = () => null;
  const wrong: Readonly<Record<string, readonly [resolvers: object, fault: RegExp]>> = {
    'on a field of an interface': [{ Named: { name: x } }, /^Named\.name .*an interface; .*implement it: Dog, Cat$/],
    'of a subscription without subscribe': [{ Subscription: { pets: x } }, /^Subscription\.pets .*without subscribe/],
    'of a subscription with resolve alone': [
      { Subscription: { pets: { resolve: x } } },
      /^Subscription\.pets .*without subscribe/,
    ],
    'that a subscription does not have at all': [
      { Subscription: {}, Query: { pet: x } },
      /^Subscription\.pets \(module "team"\): has no subscribe/,
    ],
    'for a type that does not exist': [{ Nothing: { x } }, /^Nothing\.x .*not in the schema/],
    'for a field that does not exist': [{ Query: { pte: x } }, /^Query\.pte .*not in the schema/],
    'for a value that does not exist': [{ Colour: { GREEN: 1 } }, /^Colour\.GREEN .*not in the schema/],
    'for a field of a union': [{ Pet: { name: x } }, /^Pet\.name .*not in the schema/],
    'for a field of an input': [{ Filter: { name: x } }, /^Filter\.name .*input type, which has no resolvers/],
    'that is a scalar, for an object': [
      { Dog: new GraphQLScalarType({ name: 'Dog' }) },
      /^Dog .*which only a scalar can be/,
    ],
    'that is a type, for a scalar': [
      { Date: new GraphQLObjectType({ name: 'Date', fields: { x: { type: GraphQLString } } }) },
      /^Date.* is not a function of a scalar/,
    ],
    'that is a function, for a scalar': [{ Date: x }, /^Date .*is a function/],
    'of a scalar, under a wrong name': [
      { Date: { serialise: x } },
      /^Date\.serialise .*expected serialize, parseValue/,
    ],
    'of a scalar, that is not a function': [{ Date: { serialize: 1 } }, /^Date\.serialize .*not a function/],
    'that is __resolveType of an object': [{ Dog: { __resolveType: x } }, /^Dog\.__resolveType .*an object type/],
    'that is __isTypeOf of an interface': [{ Named: { __isTypeOf: x } }, /^Named\.__isTypeOf .*give __resolveType/],
    'that is __isTypeOf of a union': [{ Pet: { __isTypeOf: x } }, /^Pet\.__isTypeOf .*give __resolveType/],
    'that is __resolveType and no function': [{ Pet: { __resolveType: 'Dog' } }, /^Pet\.__resolveType .*a function/],
    'that is another member of a type': [{ Dog: { __resolveReference: x } }, /^Dog\.__resolveReference .*expected/],
    'that is a member of an enum': [{ Colour: { __name: 'Other' } }, /^Colour\.__name .*not in the schema/],
    'that is a string': [{ Query: { pet: 'Dog' } }, /^Query\.pet .*expected a function/],
    'that is empty': [{ Query: { pet: {} } }, /^Query\.pet .*expected a function/],
    'of an odd resolve': [{ Query: { pet: { resolve: 1 } } }, /^Query\.pet .*expected a function/],
    'of an odd subscribe': [
      { Subscription: { pets: { subscribe: 1, resolve: x } } },
      /^Subscription\.pets .*expected a function, or/,
    ],
  };
  for (const [name, [resolvers, fault]] of Object.entries(wrong)) {
    it(`G-8 a resolver ${name}`, () => {
      const faults = faultsOf(typeDefs, { ...pets, ...resolvers });
      assert.ok(faults.length > 0);
      for (const line of faults) assert.match(line, fault);
      assert.match(faults[0] ?? '', /module "team"/);
    });
  }

  it('G-8 a scalar of another copy of graphql is named', () => {
    class Foreign {
      get [Symbol.toStringTag]() {
        return 'GraphQLScalarType';
      }
    }
    const faults = faultsOf(typeDefs, { ...pets, Date: new Foreign() });
    assert.match(faults.join('\n'), /^Date \(module "team"\): its resolver was made by another copy of graphql/);
  });

  it('G-8 a subscription with subscribe starts, and so does SDL alone', () => {
    assert.deepEqual(faultsOf(typeDefs, pets), []);
    assert.deepEqual(faultsOf(typeDefs, {}), []);
  });
});
