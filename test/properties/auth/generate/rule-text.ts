import type { Choices } from './choices.ts';

/** The kind of element that carries a rule. It decides which arguments the rule may have. */
type Place = 'plain' | 'object' | 'field' | 'taking' | 'argument' | 'root' | 'rootTaking' | 'rootArgument';

const fixed = [
  'scope: "s"',
  'scope: "t"',
  'scope: "s t"',
  'scope: ["u", "s t"]',
  'scope: "s:all"',
  'claims: [{ claim: ["role"], oneOf: ["x", "7"] }]',
  'claims: [{ claim: ["deep", "group"], contains: "g" }]',
  'claims: [{ claim: ["role"], exists: true }, { claim: ["deep"], exists: true }]',
  'maxAge: 60',
  'acr: ["gold", "silver"]',
  'policy: ["yes"]',
  'policy: ["yes", "no"]',
  'policy: ["odd"]',
] as const;

/** Writes one or two rules as SDL, or, most of the time, none. */
export function ruleAt(choose: Choices, place: Place): string {
  if (!choose.rarely(place === 'plain' || place === 'argument' ? 8 : 7)) return '';
  const first = one(choose, place);
  return choose.rarely(5) ? `${first} ${one(choose, place)}` : first;
}

function one(choose: Choices, place: Place): string {
  if (choose.rarely(10)) return '@auth';
  const mode = choose.rarely(8) ? ['mode: SHADOW'] : [];
  const alternatives = choose.rarely(4)
    ? [`anyOf: [${alternative(choose, place)}, ${alternative(choose, place)}]`]
    : [];
  const parts = choose.rarely(3) && alternatives.length > 0 ? [] : requirement(choose, place);
  return `@auth(${[...parts, ...alternatives, ...mode].join(', ')})`;
}

function alternative(choose: Choices, place: Place): string {
  return `{ ${requirement(choose, place).join(', ')} }`;
}

/** One or two different arguments. */
function requirement(choose: Choices, place: Place): readonly string[] {
  const owners: Partial<Record<Place, readonly string[]>> = {
    object: ['owner: "o"'],
    field: ['owner: "o"'],
    taking: ['owner: "o"', 'owner: "$a"'],
    argument: ['owner: "o"', 'owner: "$a"'],
    rootTaking: ['owner: "$a"'],
    rootArgument: ['owner: "$a"'],
  };
  const all = [...fixed, ...(owners[place] ?? []), ...(owners[place] ?? [])];
  const first = all[choose.below(all.length)] ?? fixed[0];
  const second = choose.rarely(4) ? all[choose.below(all.length)] : undefined;
  const name = (part: string) => part.split(':')[0];
  return second === undefined || name(second) === name(first) ? [first] : [first, second];
}
