import { answered, type AuthCase, forbidden, has, rows, stopped, unauthenticated } from './case.ts';

const chain = (length: number, last: string) =>
  Array.from({ length }, (_, at) => `fragment F${at} on Query { ...F${at + 1} }`).join(' ') +
  ` fragment F${length} on Query { ${last} }`;
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');

/** B-13, B-16, B-21, E-7: cases about whole operations. */
export const operationCases: readonly AuthCase[] = [
  ...rows('B-13', {
    'a denied root field': ['mutation { wipe }', has(), forbidden('Mutation.wipe')],
    'a denied root field, for an anonymous caller': [
      'mutation { touch { id } wipe }',
      null,
      unauthenticated('Mutation.wipe'),
    ],
    'a denied root field behind another': ['mutation { touch { id } wipe }', has(), forbidden('Mutation.wipe')],
    'a denied field under another name': ['mutation { touch: wipe }', has(), forbidden('Mutation.wipe')],
    'a denied field below': ['mutation { touch { id total } }', has(), forbidden('Order.total')],
    'a denied type below': ['mutation { make { account { id } } }', has(), forbidden('Payload.account')],
    'a denied field below, by a fragment': [
      'mutation { make { node { ...F } } } fragment F on Order { seal }',
      has(),
      forbidden('Order.seal'),
    ],
    'a denied field by a default': [
      'mutation ($on: Boolean = true) { touch { id total @include(if: $on) } }',
      has(),
      forbidden('Order.total'),
    ],
    'nothing is denied': ['mutation { touch { id } }', has(), answered({ touch: { id: 'o' } })],
    'the denied field is skipped': [
      'mutation { touch { id } wipe @skip(if: true) }',
      has(),
      answered({ touch: { id: 'o' } }),
    ],
    'a dynamic rule denies a root field': ['mutation { give(user: "bob") }', has(), stopped('Mutation.give')],
    'a dynamic rule denies a root field behind another': [
      'mutation { touch { id } give(user: "bob") }',
      has(),
      stopped('Mutation.give'),
    ],
    'a dynamic rule denies a root field before another': [
      'mutation { give(user: "bob") touch { id } }',
      has(),
      stopped('Mutation.give'),
    ],
    'a dynamic rule denies one alias': [
      'mutation { a: give(user: "alice") b: give(user: "bob") }',
      has(),
      stopped('Mutation.give'),
    ],
    'a policy denies a root field behind another': [
      'mutation { touch { id } vet(n: 1) }',
      has(),
      stopped('Mutation.vet'),
    ],
    'dynamic rules allow': ['mutation { give(user: "alice") vet(n: 2) }', has(), answered({ give: true, vet: true })],
    'a dynamic rule of a skipped field': [
      'mutation { touch { id } ... @include(if: false) { give(user: "bob") } }',
      has(),
      answered({ touch: { id: 'o' } }),
    ],
    'a subscription': ['subscription { alarms }', has(), forbidden('Subscription.alarms')],
    'a subscription of an anonymous caller': ['subscription { alarms }', null, unauthenticated('Subscription.alarms')],
    'a subscription, with a denied field below': [
      'subscription { ticks { id total } }',
      has(),
      forbidden('Order.total'),
    ],
  }),
  ...rows('E-7', {
    'each type of the payload denies': [
      'mutation { touch { id } pair { __typename } }',
      has(),
      forbidden('Pair.__typename'),
    ],
    'each type of the payload denies, and all selections below are skipped': [
      'mutation ($c: Boolean! = false) { touch { id } pair { __typename @include(if: $c) } }',
      has(),
      forbidden('Mutation.pair'),
    ],
    'a skipped __typename below a denied payload, for an anonymous caller': [
      'mutation { pair { __typename @skip(if: true) } }',
      null,
      unauthenticated('Mutation.pair'),
    ],
    'the same in a list, by a fragment': [
      'mutation ($c: Boolean = true) { pairs { ... @skip(if: $c) { ... on Left { x } } } }',
      has(),
      forbidden('Mutation.pairs'),
    ],
    'below the payload, if each possible type narrows it': [
      'mutation { touch { id } has { pair { __typename @include(if: false) } } }',
      has(),
      forbidden('Has.pair'),
    ],
    'the same in a subscription': [
      'subscription ($c: Boolean! = false) { paired { __typename @include(if: $c) } }',
      has(),
      forbidden('Subscription.paired'),
    ],
    'below the payload, with the scope of one possible type': [
      'mutation { pair { __typename @include(if: false) } }',
      has('left'),
      answered({ pair: {} }),
    ],
  }),
  ...rows('B-16', {
    'a thousand aliases of a denied field': [`{ ${aliases(1000, 'user')} }`, has(), forbidden('Query.user')],
    'a chain of a thousand fragments': [`{ ...F0 } ${chain(1000, 'user')}`, has(), forbidden('Query.user')],
  }),
];
