import { answered, type AuthCase, claiming, forbidden, has, rows, stepUp, unauthenticated } from './case.ts';
import { now } from './world.ts';

const role = (role: unknown) => claiming({ role });
const diary = (id: string) => `{ hello diary(id: "${id}") { id text } }`;
/** Fields whose policies fail or answer with a wrong value. */
const broken = ['truthy', 'throws', 'rejects', 'hangs', 'short', 'long', 'nothing', 'allAnd'];

/**
 * B-7, B-8, B-17, B-18, B-22, B-23: rules that depend on values: claims, owners, alternatives, time limits, policies,
 * shadow mode.
 */
export const valueCases: readonly AuthCase[] = [
  ...rows('B-7', {
    'a claim that is one of the values': ['{ role }', role('admin'), answered({ role: 'role' })],
    'a claim that is a number, by its text': ['{ role }', role(7), answered({ role: 'role' })],
    'a claim that is a boolean, by its text': ['{ role }', role(true), answered({ role: 'role' })],
    'a claim of another value': ['{ role }', role('adm'), forbidden('Query.role')],
    'a claim in other letters': ['{ role }', role('Admin'), forbidden('Query.role')],
    'a claim that is not there': ['{ role }', has('admin'), forbidden('Query.role')],
    'a claim that is an array of the value': ['{ role }', role(['admin']), forbidden('Query.role')],
    'a claim that is an object': ['{ role }', role({ toString: 'admin' }), forbidden('Query.role')],
    'a claim that is null': ['{ role }', role(null), forbidden('Query.role')],
    'a claim that is not an integer': ['{ role }', role(7.5), forbidden('Query.role')],
    'a claim, for an anonymous caller': ['{ role }', null, unauthenticated('Query.role')],
    'a claim that contains it': ['{ groups }', claiming({ groups: ['x', 'staff'] }), answered({ groups: 'groups' })],
    'a claim that contains only its like': [
      '{ groups }',
      claiming({ groups: ['staffing'] }),
      forbidden('Query.groups'),
    ],
    'a claim that is a text which contains it': [
      '{ groups }',
      claiming({ groups: 'my staff' }),
      forbidden('Query.groups'),
    ],
    'a path of claims, with another claim next to it': [
      '{ tenant }',
      claiming({ 'https://example.com/app': { tenant: 'acme' }, sid: 's' }),
      answered({ tenant: 'tenant' }),
    ],
    'a path of claims, without the other': [
      '{ tenant }',
      claiming({ 'https://example.com/app': { tenant: 'acme' } }),
      forbidden('Query.tenant'),
    ],
    'a path of claims that ends early': [
      '{ tenant }',
      claiming({ 'https://example.com/app': 'acme', sid: 's' }),
      forbidden('Query.tenant'),
    ],
    'anyOf: the first': ['{ either }', has('admin'), answered({ either: 'either' })],
    'anyOf: the second': ['{ either }', role('admin'), answered({ either: 'either' })],
    'anyOf: none': ['{ either }', claiming({ role: 'user' }), forbidden('Query.either')],
    'anyOf and the rest of the rule': ['{ both }', has('both', 'y'), answered({ both: 'both' })],
    'anyOf without the rest of the rule': ['{ both }', has('x', 'y'), forbidden('Query.both')],
    'the rest of the rule without anyOf': ['{ both }', has('both'), forbidden('Query.both')],
    'acr that is accepted': ['{ strong }', claiming({ acr: 'silver' }), answered({ strong: 'strong' })],
    'acr that is not': ['{ strong }', claiming({ acr: 'bronze' }), stepUp('Query.strong')],
    'acr that is not there': ['{ strong }', has(), stepUp('Query.strong')],
    'acr that is not a string': ['{ strong }', claiming({ acr: ['gold'] }), stepUp('Query.strong')],
    'acr and a scope are missing': ['{ strong user }', has(), forbidden('Query.strong', 'Query.user')],
    'acr, for an anonymous caller': ['{ strong }', null, unauthenticated('Query.strong')],
    'acr in part of a query': ['{ hello strong }', has(), answered({ hello: 'hello', strong: null }, ['Query.strong'])],
  }),
  ...rows('B-23', {
    'maxAge, in time': ['{ fresh }', claiming({ auth_time: now - 30 }), answered({ fresh: 'fresh' })],
    'maxAge, past': ['{ fresh }', claiming({ auth_time: now - 61 }), stepUp('Query.fresh')],
    'maxAge, without auth_time': ['{ fresh }', has(), stepUp('Query.fresh')],
    'maxAge, with an auth_time that is not a number': [
      '{ fresh }',
      claiming({ auth_time: `${now}` }),
      stepUp('Query.fresh'),
    ],
    'maxAge, for an anonymous caller': ['{ fresh }', null, unauthenticated('Query.fresh')],
  }),
  ...rows('B-8', {
    ...Object.fromEntries(
      broken.map((field) => [
        `the policy of ${field} denies`,
        [
          `{ hello ${field} }`,
          has(),
          answered({ hello: 'hello', [field]: null }, [`Query.${field}`], [`Query.${field}`]),
        ] as const,
      ]),
    ),
    'a policy that says yes': ['{ even(n: 2) }', has(), answered({ even: 'even' })],
    'a policy that says no': ['{ hello even(n: 1) }', has(), answered({ hello: 'hello', even: null }, ['Query.even'])],
    'a policy gets the arguments of each alias': [
      '{ a: even(n: 1) b: even(n: 2) }',
      has(),
      answered({ a: null, b: 'even' }, ['Query.even'], []),
    ],
    'a policy, for an anonymous caller': ['{ even(n: 2) }', null, unauthenticated('Query.even')],
    'a policy on a type': [
      '{ hello letter { text } }',
      has(),
      answered({ hello: 'hello', letter: null }, ['Query.letter'], ['Letter.text']),
    ],
    'a policy in a list: by position': [
      '{ numbered { n check(n: 3) } }',
      has(),
      answered(
        {
          numbered: [
            { n: 1, check: null },
            { n: 2, check: null },
          ],
        },
        ['Numbered.check', 'Numbered.check'],
      ),
    ],
  }),
  ...rows('B-17', {
    'an owner, without the field selected': [
      '{ record(id: "r1") { body } }',
      has(),
      answered({ record: { body: 'body of alice' } }),
    ],
    'another owner': [
      '{ record(id: "r2") { title body } }',
      has(),
      answered({ record: { title: 'two', body: null } }, ['Record.body']),
    ],
    'an owner that is null': [
      '{ record(id: "r3") { title body } }',
      has(),
      answered({ record: { title: 'three', body: null } }, ['Record.body']),
    ],
    'an owner under an alias that hides it': [
      '{ record(id: "r2") { ownerId: id body } }',
      has(),
      answered({ record: { ownerId: 'r2', body: null } }, ['Record.body']),
    ],
    'owners in a list: one error for a position': [
      '{ records { id body } }',
      has(),
      answered(
        {
          records: [
            { id: 'r1', body: 'body of alice' },
            { id: 'r2', body: null },
            { id: 'r3', body: null },
          ],
        },
        ['Record.body', 'Record.body'],
        [],
      ),
    ],
    'an owner of a type': [
      diary('d2'),
      has(),
      answered({ hello: 'hello', diary: { id: 'd2', text: 'text of alice' } }),
    ],
    'an owner rule of a type, with another owner': [
      diary('d1'),
      has(),
      answered({ hello: 'hello', diary: null }, ['Query.diary'], ['Diary.text', 'Diary.id']),
    ],
    'an owner of a type, in a list': [
      '{ diaries { text } }',
      has(),
      answered({ diaries: [null, { text: 'text of alice' }] }, ['Query.diaries'], []),
    ],
    'an owner of a type, by __typename': [
      '{ hello diary(id: "d1") { __typename } }',
      has(),
      answered({ hello: 'hello', diary: null }, ['Query.diary'], []),
    ],
  }),
  ...rows('B-18', {
    'an owner by an argument': ['{ own(user: "alice") }', has(), answered({ own: 'own' })],
    'an owner by a variable': ['query ($u: ID) { own(user: $u) }', has(), answered({ own: 'own' }), { u: 'alice' }],
    'an owner rule on an argument, with another owner': [
      '{ hello own(user: "bob") }',
      has(),
      answered({ hello: 'hello', own: null }, ['Query.own']),
    ],
    'an owner by an argument that is left out': [
      '{ hello own }',
      has(),
      answered({ hello: 'hello', own: null }, ['Query.own']),
    ],
    'an owner by an argument that is null': [
      '{ hello own(user: null) }',
      has(),
      answered({ hello: 'hello', own: null }, ['Query.own']),
    ],
    'an owner by an argument in other letters': [
      '{ hello own(user: "Alice") }',
      has(),
      answered({ hello: 'hello', own: null }, ['Query.own']),
    ],
    "another issuer's subject is no owner": [
      '{ hello own(user: "alice") }',
      { accountId: null },
      answered({ hello: 'hello', own: null }, ['Query.own']),
    ],
    'an application is not an owner': [
      '{ hello own(user: "alice") record(id: "r1") { id body } }',
      { kind: 'application' },
      answered({ hello: 'hello', own: null, record: { id: 'r1', body: null } }, ['Query.own', 'Record.body']),
    ],
    'an anonymous caller is not an owner': ['{ own(user: "alice") }', null, unauthenticated('Query.own')],
  }),
  ...rows('B-22', {
    'a SHADOW rule denies nothing': ['{ shadowed { x } }', null, answered({ shadowed: { x: 1 } })],
    'a SHADOW rule does not change an enforced rule that denies': [
      '{ shadowed { x y } }',
      has(),
      answered({ shadowed: { x: 1, y: null } }, ['Shadowed.y']),
    ],
    'a SHADOW rule does not change an enforced rule that allows': [
      '{ shadowed { y } }',
      has('y'),
      answered({ shadowed: { y: 2 } }),
    ],
  }),
];
