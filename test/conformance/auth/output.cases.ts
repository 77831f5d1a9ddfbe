import { answered, type AuthCase, forbidden, has, rows, unauthenticated } from './case.ts';
import { inEveryWay } from './ways.ts';

const nodes = '{ nodes { id secret } }';

/** B-1 to B-5, B-7, B-12, B-14: rules on fields and types, for every way to produce a value. */
export const outputCases: readonly AuthCase[] = [
  ...inEveryWay('B-1', {
    'a field that the implementer alone guards, through the interface': [
      'node(id: "o") { id secret }',
      has(),
      answered({ node: { id: 'o', secret: null } }, ['Node.secret'], ['Order.secret']),
    ],
  }),
  ...rows('B-1', {
    'of a list only the implementer that guards it': [
      nodes,
      has('accounts'),
      answered(
        {
          nodes: [
            { id: 'o', secret: null },
            { id: 'a', secret: 'account secret' },
            { id: 'n', secret: 'note secret' },
            { id: 'a', secret: 'account secret' },
            null,
          ],
        },
        ['Node.secret'],
        ['Order.secret'],
      ),
    ],
    'through the implementer itself': [
      '{ order { x: secret } }',
      has(),
      answered({ order: { x: null } }, ['Order.secret']),
    ],
    'through a fragment on the implementer': [
      '{ node(id: "o") { ...F } } fragment F on Order { secret }',
      has(),
      answered({ node: { secret: null } }, ['Order.secret']),
    ],
    'through a union and an interface': [
      '{ thing(id: "o") { ... on Node { secret } } }',
      has(),
      answered({ thing: { secret: null } }, ['Node.secret'], ['Order.secret']),
    ],
    'below a list of another type': [
      '{ orders { parent { ... on Order { secret } secret } secret } }',
      has(),
      answered(
        {
          orders: [
            { parent: { secret: 'note secret' }, secret: null },
            { parent: { secret: 'note secret' }, secret: null },
          ],
        },
        ['Order.secret'],
      ),
    ],
    'allowed with the scope': [
      '{ node(id: "o") { secret } }',
      has('order:secret'),
      answered({ node: { secret: 'order secret' } }),
    ],
  }),
  ...inEveryWay('B-2', {
    'a field that the interface guards, through the implementer': [
      'order { id seal }',
      has(),
      answered({ order: { id: 'o', seal: null } }, ['Order.seal']),
    ],
    'a guarded interface, through the implementer': ['safe { code size }', has(), forbidden('Query.safe')],
  }),
  ...rows('B-2', {
    'through the interface': [
      '{ sealed { seal } }',
      has(),
      answered({ sealed: [{ seal: null }, { seal: null }] }, ['Sealed.seal'], ['Order.seal', 'Note.seal']),
    ],
    'the rules of interface and implementer must both hold': [
      '{ sealed { seal } }',
      has('seal'),
      answered({ sealed: [{ seal: 'order seal' }, { seal: null }] }, ['Sealed.seal'], ['Note.seal']),
    ],
    'both hold': [
      '{ sealed { seal } }',
      has('seal', 'note:seal'),
      answered({ sealed: [{ seal: 'order seal' }, { seal: 'note seal' }] }),
    ],
    'the implementer alone does not do': [
      '{ node(id: "n") { ... on Note { seal } } }',
      has('note:seal'),
      answered({ node: { seal: null } }, ['Note.seal']),
    ],
    "an interface's interface, through the implementer": [
      '{ leaf { mark plain } }',
      has(),
      answered({ leaf: { mark: null, plain: 'leaf' } }, ['Leaf.mark']),
    ],
    "an interface's interface, through the interface between": [
      '{ middle { mark } }',
      has(),
      answered({ middle: { mark: null } }, ['Middle.mark'], ['Leaf.mark']),
    ],
    "an interface's interface, with the scope": ['{ middle { mark } }', has('mark'), answered({ middle: { mark: 1 } })],
    'a guarded interface, through itself': [
      '{ hello vault { code } }',
      has(),
      answered({ hello: 'hello', vault: null }, ['Query.vault'], ['Safe.code']),
    ],
    "a guarded interface's interface, through the implementer": [
      '{ hello gate { code } }',
      has(),
      answered({ hello: 'hello', gate: null }, ['Query.gate'], ['Query.gate', 'Gate.code']),
    ],
    "a guarded interface's interface, through the interface between": [
      '{ hello door { __typename } }',
      has(),
      answered({ hello: 'hello', door: null }, ['Query.door'], ['Gate.code']),
    ],
    'a guarded interface, with the scope': [
      '{ vault { code } safe { code } safes { size } gate { code } door { __typename } }',
      has('vault'),
      answered({
        vault: { code: 'safe code' },
        safe: { code: 'safe code' },
        safes: [{ size: 3 }, { size: 3 }],
        gate: { code: 'gate code' },
        door: { __typename: 'Gate' },
      }),
    ],
    "an interface's argument, through the implementer": [
      '{ gate { open(key: "x") } }',
      has('vault'),
      answered({ gate: { open: null } }, ['Gate.open']),
    ],
    "an interface's argument, through the interface": [
      '{ door { open(key: null) } }',
      has('vault'),
      answered({ door: { open: null } }, ['Door.open'], ['Gate.open']),
    ],
    "an interface's argument, left out": [
      '{ gate { open } door { open } }',
      has('vault'),
      answered({ gate: { open: 'opened' }, door: { open: 'opened' } }),
    ],
    "an interface's argument, with the scope": [
      '{ gate { open(key: "x") } }',
      has('vault', 'key'),
      answered({ gate: { open: 'opened' } }),
    ],
  }),
  ...inEveryWay('B-3', {
    'a guarded type, at the field that returns it': ['me { id name }', has(), forbidden('Query.me')],
    'a guarded type, through node(id:)': [
      'hello node(id: "a") { id }',
      has(),
      answered({ hello: 'hello', node: null }, ['Query.node'], ['Account.id']),
    ],
  }),
  ...rows('B-3', {
    'through an interface in a list': [
      '{ nodes { id } }',
      has(),
      answered({ nodes: [{ id: 'o' }, null, { id: 'n' }, null, null] }, ['Query.nodes'], ['Account.id']),
    ],
    'through a union in a list': [
      '{ things { __typename ... on Account { name } } }',
      has(),
      answered({ things: [null, { __typename: 'Order' }] }, ['Query.things'], ['Account.name']),
    ],
    'through a union': [
      '{ thing(id: "a") { ... on Account { name } } }',
      has(),
      answered({ thing: null }, ['Query.thing'], ['Account.name']),
    ],
    'through a list': ['{ accounts { name } }', has(), forbidden('Query.accounts')],
    "through another type's field": [
      '{ order { id buyer { name } } }',
      has(),
      answered({ order: { id: 'o', buyer: null } }, ['Order.buyer'], ['Order.buyer', 'Account.name']),
    ],
    "through another type's field, in a list": [
      '{ orders { buyer { name } } }',
      has(),
      answered({ orders: [{ buyer: null }, { buyer: null }] }, ['Order.buyer']),
    ],
    'a guarded union': ['{ bundle { ... on Order { id } } }', has(), forbidden('Query.bundle')],
    'a guarded union, in a list': ['{ bundles { __typename } }', has(), forbidden('Query.bundles')],
    'the rule of a union does not guard its members elsewhere': [
      '{ order { id } }',
      has(),
      answered({ order: { id: 'o' } }),
    ],
    'a guarded union, with the scope': [
      '{ bundle { __typename } bundles { ... on Node { id } } }',
      has('bundle'),
      answered({ bundle: { __typename: 'Order' }, bundles: [{ id: 'o' }, { id: 'n' }] }),
    ],
    'allowed with the scope': [
      '{ me { name } node(id: "a") { id } order { buyer { id } } }',
      has('accounts'),
      answered({ me: { name: 'Alice' }, node: { id: 'a' }, order: { buyer: { id: 'a' } } }),
    ],
  }),
  ...inEveryWay('B-4', {
    '__typename of a guarded type': ['me { __typename }', has(), forbidden('Query.me')],
  }),
  ...rows('B-4', {
    '__typename through an interface': [
      '{ node(id: "a") { __typename } }',
      has(),
      answered({ node: null }, ['Query.node'], ['Account.id']),
    ],
    '__typename under an alias, through a union': [
      '{ thing(id: "a") { t: __typename } }',
      has(),
      answered({ thing: null }, ['Query.thing'], []),
    ],
    '__typename of a root type is not a root field': ['{ __typename me { id } }', has(), forbidden('Query.me')],
    '__typename of an open type': [
      '{ __typename order { __typename } }',
      null,
      answered({ __typename: 'Query', order: { __typename: 'Order' } }),
    ],
  }),
  ...rows('B-5', {
    'a named fragment on the member': [
      '{ thing(id: "a") { ...F } } fragment F on Account { name }',
      has(),
      answered({ thing: null }, ['Query.thing'], ['Account.name']),
    ],
    'a named fragment before the operation': [
      'fragment F on Account { name } { thing(id: "a") { ...F } }',
      has(),
      answered({ thing: null }, ['Query.thing'], ['Account.name']),
    ],
    'fragments of fragments': [
      '{ order { ...A } } fragment A on Node { ...B } fragment B on Sealed { seal ... on Order { total } }',
      has(),
      answered({ order: { seal: null, total: null } }, ['Order.seal', 'Order.total']),
    ],
    'the same fragment in two places': [
      '{ a: order { ...F } b: orders { ...F } } fragment F on Order { total }',
      has(),
      answered({ a: { total: null }, b: [{ total: null }, { total: null }] }, ['Order.total', 'Order.total']),
    ],
    'a fragment on a type that the value is not': [
      '{ node(id: "n") { id ... on Order { secret total } } }',
      has(),
      answered({ node: { id: 'n' } }),
    ],
  }),
  ...rows(
    'B-7',
    Object.fromEntries(
      [
        'user:read-public',
        'USER:READ',
        'user:rea',
        'ser:read',
        'user',
        'read',
        'user:read:all',
        'user:read ',
        'user:',
        'user:read user',
      ].map(
        (scope) => [`user:read is not met by "${scope}"`, ['{ user }', has(scope), forbidden('Query.user')]] as const,
      ),
    ),
  ),
  ...inEveryWay('B-7', {
    'user:read, for an anonymous caller': ['user', null, unauthenticated('Query.user')],
    'user:read, with it': ['user', has('user:read'), answered({ user: 'Ada' })],
  }),
  ...rows('B-7', {
    'one alternative of two': ['{ order { total } }', has('total'), answered({ order: { total: 5 } })],
    'the other alternative, whole': ['{ order { total } }', has('audit', 'books'), answered({ order: { total: 5 } })],
    'half an alternative': ['{ order { total } }', has('audit'), answered({ order: { total: null } }, ['Order.total'])],
    'an alternative as one scope with a space': [
      '{ order { total } }',
      has('audit books'),
      answered({ order: { total: null } }, ['Order.total']),
    ],
    '@auth alone: any token': ['{ any }', has(), answered({ any: 'any' })],
    '@auth alone: an application': ['{ any }', { kind: 'application' }, answered({ any: 'any' })],
    '@auth without arguments: an anonymous caller': ['{ any }', null, unauthenticated('Query.any')],
  }),
  ...rows('B-12', {
    'a guarded scalar as output': [
      '{ hello price }',
      has(),
      answered({ hello: 'hello', price: null }, ['Query.price']),
    ],
    'a guarded scalar in a list': ['{ prices }', has(), forbidden('Query.prices')],
    'a guarded scalar, with the scope': ['{ price prices }', has('money'), answered({ price: 7, prices: [7, 8] })],
    'a guarded enum as output': ['{ hello grade }', has(), answered({ hello: 'hello', grade: null }, ['Query.grade'])],
    'a guarded enum, with the scope': ['{ grade }', has('grade'), answered({ grade: 'A' })],
  }),
  ...rows('B-14', {
    'one error for a selection in a list': [
      '{ orders { id total } }',
      has(),
      answered(
        {
          orders: [
            { id: 'o', total: null },
            { id: 'o', total: null },
          ],
        },
        ['Order.total'],
      ),
    ],
    'each alias is a selection': [
      '{ order { a: total b: total id } }',
      has(),
      answered({ order: { a: null, b: null, id: 'o' } }, ['Order.total', 'Order.total']),
    ],
    'an empty list has no error': ['{ none { total secret seal } }', has(), answered({ none: [] })],
    'nulls travel as in GraphQL': [
      '{ hello order { id lines { count text } } }',
      has(),
      answered({ hello: 'hello', order: null }, ['Line.text']),
    ],
    'nulls travel to the root': ['{ hello strict }', has(), answered(null, ['Query.strict'])],
    'in part, for an anonymous caller': [
      '{ hello user order { id secret } }',
      null,
      answered({ hello: 'hello', user: null, order: { id: 'o', secret: null } }, ['Query.user', 'Order.secret']),
    ],
    'every root field denied: refused': ['{ user me { id } }', has(), forbidden('Query.user', 'Query.me')],
    'skipped fields do not count': ['{ hello @skip(if: true) user }', has(), forbidden('Query.user')],
    'nothing is denied that is skipped': ['{ hello user @skip(if: true) }', has(), answered({ hello: 'hello' })],
    'nothing is denied that is not included': [
      'query ($on: Boolean = false) { hello user @include(if: $on) }',
      has(),
      answered({ hello: 'hello' }),
    ],
  }),
  ...rows('B-15', {
    'introspection, if it is open': [
      '{ __schema { queryType { name } } }',
      null,
      answered({ __schema: { queryType: { name: 'Query' } } }),
    ],
    'introspection of a guarded type': [
      '{ ...F } fragment F on Query { t: __type(name: "Account") { kind } }',
      null,
      answered({ t: { kind: 'OBJECT' } }),
    ],
  }),
  ...rows('B-20', {
    'two modules guard one type: the first is not enough': [
      '{ joint { x } }',
      has('joint:a'),
      forbidden('Query.joint'),
    ],
    'two modules guard one type: the second is not enough': [
      '{ joint { x } }',
      has('joint:b'),
      forbidden('Query.joint'),
    ],
    'two modules guard one type: both are': [
      '{ joint { x } }',
      has('joint:a', 'joint:b'),
      answered({ joint: { x: 1 } }),
    ],
  }),
  ...rows('E-5', {
    'a member of a guarded union, through the interface whose implementer narrows the union to it': [
      '{ holder { thing { __typename ... on Crate { n } } } }',
      has(),
      answered({ holder: { thing: null } }, ['Holder.thing'], ['Narrow.thing', 'Crate.n']),
    ],
    'the same through the implementer': [
      '{ narrow { thing { n } } }',
      has(),
      answered({ narrow: { thing: null } }, ['Narrow.thing'], ['Narrow.thing', 'Crate.n']),
    ],
    'in a list of the implementer whose items are not nullable': [
      '{ narrow { things { __typename } } }',
      has(),
      answered({ narrow: null }, ['Narrow.things'], ['Narrow.things']),
    ],
    'the same through a fragment on the implementer': [
      '{ holder { ... on Narrow { thing { n } } } }',
      has(),
      answered({ holder: { thing: null } }, ['Narrow.thing'], ['Narrow.thing', 'Crate.n']),
    ],
    'the same with the scope': [
      '{ holder { thing { ... on Crate { n } } } narrow { thing { n } things { n } } }',
      has('cargo'),
      answered({ holder: { thing: { n: 1 } }, narrow: { thing: { n: 1 }, things: [{ n: 1 }, { n: 1 }] } }),
    ],
    'a member of a union that a policy guards, through the interface': [
      '{ holder { kept { ... on Crate { n } } } }',
      has(),
      answered({ holder: { kept: null } }, ['Holder.kept'], ['Crate.n']),
    ],
    'the same through the implementer, with policy': [
      '{ narrow { kept { n } } }',
      has(),
      answered({ narrow: { kept: null } }, ['Narrow.kept'], ['Crate.n']),
    ],
    'the member itself, if no union leads to it': ['{ crate { n } }', has(), answered({ crate: { n: 1 } })],
    'the same in a subscription': [
      'subscription { narrowed { thing { n } } }',
      has(),
      { is: 'refused', code: 'FORBIDDEN', denied: ['Narrow.thing'] },
    ],
  }),
];
