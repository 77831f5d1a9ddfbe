import type { Shape } from './shape.ts';

/** An object of the generated schema, as resolvers get it; what it leads to is made when it is asked for. */
export type Value = Readonly<Record<string, unknown>>;

/** Values for a schema: the same for the same shape, however they are reached. Whatever is read of them is noted. */
export function makeRoot(shape: Shape, read: string[]): Value {
  const made = (type: string, id: number, depth: number): Value => {
    const random = (salt: string) => hash(`${shape.seed} ${id} ${salt}`);
    const value: Record<string, unknown> = {
      __typename: type,
      id,
      n: random('n') % 17 === 0 ? null : random('n') % 4,
      s: `s${id}`,
      o: ['alice', 'bob', null][random('o') % 3],
      e: 'P',
      z: shape.fieldTypes['z'] === '[Z]' ? [1, 2] : 1,
    };
    const links = new Map<string, unknown>();
    for (const name of ['l', 'k', 'x', 'y', 'go']) {
      value[name] = () => {
        read.push(`${type}.${name}`);
        // The same object each time, as a policy is asked once for each.
        if (!links.has(name)) links.set(name, linked(shape.fieldTypes[name] ?? '', hash(`${id} ${name}`), depth));
        return links.get(name);
      };
    }
    value['q'] = (args: object) => {
      read.push(`${type}.q`);
      return `q${id} ${JSON.stringify(args)}`;
    };
    return value;
  };

  function linked(type: string, id: number, depth: number): unknown {
    const random = hash(`${shape.seed} ${id} ${type}`);
    const strict = type.endsWith('!');
    const bare = strict ? type.slice(0, -1) : type;
    if (random % (strict ? 23 : 7) === 0) return null;
    if (bare.startsWith('[')) {
      const item = bare.slice(1, -1);
      return Array.from({ length: random % 4 }, (_, at) => linked(item, hash(`${id} ${at}`), depth));
    }
    const types = shape.possible[bare] ?? [];
    if (types.length === 0) return null;
    return made(types[random % types.length] ?? '', id, depth + 1);
  }

  return made('Query', 1, 0);
}

function hash(text: string): number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return (state ^ (state >>> 13)) >>> 0;
}
