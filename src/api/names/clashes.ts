import { StartError } from '../../errors.ts';
import type { IdentityApi } from './own-names.ts';

/**
 * Makes the schema. If a team's module defines an element that Claimgate's own modules also define, this function adds
 * a fault with advice.
 *
 * @throws StartError with the faults of `make` and the advice
 */
export function withAdvice<Schema>(identityApi: IdentityApi, make: () => Schema): Schema {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError([...error.faults, ...adviceOn(error.faults, identityApi)]);
  }
}

function* adviceOn(faults: readonly string[], identityApi: IdentityApi): Iterable<string> {
  if (identityApi === false && faults.some((fault) => fault.includes('Query root type must be provided'))) {
    yield 'identityApi=false: leaves no query of Claimgate; give a module with a field of Query, or leave identityApi out';
  }
  const clashes = faults.map(clashIn).filter((clash) => clash !== null);
  const coordinates = [...new Set(clashes.map(({ coordinate }) => coordinate))];
  const inTokens = clashes.filter(({ own }) => own === 'claimgate/tokens').map(({ coordinate }) => coordinate);
  if (inTokens.length > 0) {
    yield `${[...new Set(inTokens)].join(', ')}: the token mutations keep their names; give yours another name`;
  }
  const others = coordinates.filter((coordinate) => !inTokens.includes(coordinate));
  if (others.length === 0) return;
  const rename =
    typeof identityApi === 'object' ? 'choose another prefix than' : 'give the names of Claimgate a prefix, such as';
  const prefix = typeof identityApi === 'object' ? identityApi.prefix : 'Claimgate';
  const keep = `to keep yours, ${rename} identityApi: { prefix: "${prefix}" } in the configuration file, or leave its identity API out by identityApi: false`;
  const isNode = clashes.some(({ own }) => own === 'claimgate/node');
  const join = 'to use node of Claimgate, take yours out, and give the module nodes: { Order: (id, context) => order }';
  yield `${others.join(', ')}: Claimgate defines the same; ${keep}${isNode ? `; ${join}` : ''}`;
}

/** Matches the messages about a name that two modules define. Other faults may name two modules too. */
const isClash = /only one|only be defined once|already exists|Cannot extend|has two resolvers/;

/**
 * Returns the element and Claimgate's module in a fault that names a module of Claimgate and a module of the team. Null
 * for any other fault.
 */
function clashIn(fault: string): { readonly coordinate: string; readonly own: string } | null {
  const [, coordinate, list = '', message = ''] = /^([\w.]+) \(modules (".+?")\): (.*)$/s.exec(fault) ?? [];
  if (!isClash.test(message)) return null;
  const modules = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const own = modules.filter((name) => name === 'claimgate' || name.startsWith('claimgate/'));
  const [first] = own;
  return coordinate === undefined || first === undefined || own.length === modules.length
    ? null
    : { coordinate, own: first };
}
