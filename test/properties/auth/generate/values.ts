import type { GraphQLResolveInfo } from 'graphql';
import { kindOf } from './authors.ts';
import { digest } from './deep.ts';
import { calm, dress, Failure } from './dress.ts';
import type { Shape } from './shape.ts';

/**
 * An object of the generated schema, as resolvers receive it. The objects that it refers to are made when they are
 * read.
 */
export type Value = Readonly<Record<string, unknown>>;

/** A field of a value that was read, and its arguments. */
export interface Read {
  readonly parent: string;
  readonly field: string;
  readonly source: Value;
  readonly args: Readonly<Record<string, unknown>>;
}

class Thing {
  [field: string]: unknown;
}

const settledLinks = new WeakMap<object, (field: string) => unknown>();

/** Returns the result of a field of a value: a value, null, a list of values and nulls, or a `Failure`. */
export function settledOf(value: Value, field: string): unknown {
  return settledLinks.get(value)?.(field);
}

/** The fields whose resolvers return values in varying ways. */
const given = ['l', 'k', 'x', 'y', 'u', 'i', 'go', 's', 'o'];

/**
 * Makes the root value of a schema. The same shape has the same values on every path. Each field that is read is
 * recorded.
 *
 * @param plain - whether each field returns its value synchronously, for a schema without a guard
 * @param onRead - called after each record. Default: no-op
 */
export function makeRoot(shape: Shape, read: Read[], plain: boolean, onRead = () => {}): Value {
  const { authors, seed, odd } = shape;
  const record = (one: Read): void => {
    read.push(one);
    onRead();
  };

  const made = (type: string, id: number): Value => {
    const random = (salt: string) => hash(`${seed} ${id} ${salt}`);
    const fails = (salt: string, times: number) => odd && random(`${salt} fails`) % times === 0;
    const value: Record<string, unknown> = authors.instances ? new Thing() : {};
    const links = new Map<string, unknown>();
    const settled = (field: string): unknown => {
      // Each path returns the same object, because a policy is called once for each object.
      if (!links.has(field)) links.set(field, given.includes(field) ? settle(field) : undefined);
      return links.get(field);
    };
    const settle = (field: string): unknown => {
      if (fails(field, 19)) return new Failure(random(field));
      if (field === 's') return `s${id}`;
      if (field === 'o') return ['alice', 'bob', null][random('o') % 3];
      return linked(shape.typeOf(type, field), hash(`${id} ${field}`));
    };
    settledLinks.set(value, settled);

    Object.assign(value, {
      kind: type,
      id,
      n: random('n') % 17 === 0 ? null : random('n') % 4,
      e: 'P',
      z: shape.typeOf('A', 'z') === '[Z]' ? [1, 2] : 1,
      q: (args: Read['args'], _: unknown, { parentType }: GraphQLResolveInfo) => {
        record({ parent: parentType.name, field: 'q', source: value, args });
        return `q${id} ${digest(args)}`;
      },
    });
    if (authors.named) value['__typename'] = type;
    for (const field of given) {
      value[field] = (args: Read['args'], _: unknown, { parentType }: GraphQLResolveInfo) => {
        // Owner rules read the field `o` too, so its reads are not recorded.
        if (field !== 'o') record({ parent: parentType.name, field, source: value, args });
        return plain ? calm(settled(field)) : dress(settled(field), odd ? random(`${field} way`) : 0);
      };
    }
    return value;
  };

  function linked(type: string, id: number): unknown {
    const random = hash(`${seed} ${id} ${type}`);
    const strict = type.endsWith('!');
    const bare = strict ? type.slice(0, -1) : type;
    if (random % (strict ? 23 : 7) === 0) return null;
    if (bare.startsWith('[')) {
      const item = bare.slice(1, -1);
      return Array.from({ length: random % 4 }, (_, at) => {
        const itself = hash(`${id} ${at}`);
        return odd && itself % 13 === 0 ? new Failure(itself) : linked(item, itself);
      });
    }
    const types = shape.possible[bare] ?? [];
    return types.length === 0 ? null : made(types[random % types.length] ?? '', id);
  }

  return made('Query', 1);
}

/** The name of a value's type; `undefined` for a leaf. */
export function typeNameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && settledLinks.has(value) ? kindOf(value) : undefined;
}

function hash(text: string): number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return (state ^ (state >>> 13)) >>> 0;
}
