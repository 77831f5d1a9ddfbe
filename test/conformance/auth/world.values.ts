const account = { __typename: 'Account', id: 'a', secret: 'account secret', seal: 'account seal', name: 'Alice' };
const note = { __typename: 'Note', id: 'n', secret: 'note secret', seal: 'note seal' };
const order = {
  __typename: 'Order',
  id: 'o',
  secret: 'order secret',
  seal: 'order seal',
  total: 5,
  lines: [
    { text: 'tea', count: 1 },
    { text: 'cup', count: 2 },
  ],
  buyer: account,
  parent: note,
};
const all = [order, account, note];
const byId = ({ id }: { id: string }): unknown => all.find((value) => value.id === id) ?? null;

const leaf = { __typename: 'Leaf', mark: 1, plain: 'leaf' };
const gate = { __typename: 'Gate', code: 'gate code', open: 'opened' };
const safe = { __typename: 'Safe', code: 'safe code', size: 3 };

const records = [
  { id: 'r1', ownerId: 'alice', body: 'body of alice', title: 'one' },
  { id: 'r2', ownerId: 'bob', body: 'body of bob', title: 'two' },
  { id: 'r3', ownerId: null, body: 'body of nobody', title: 'three' },
];
const diaries = [
  { id: 'd1', ownerId: 'bob', text: 'text of bob' },
  { id: 'd2', ownerId: 'alice', text: 'text of alice' },
];

const crate = { __typename: 'Crate', n: 1 };
const narrow = { __typename: 'Narrow', thing: crate, things: [crate, crate], kept: crate };

const left = { __typename: 'Left', x: 1 };

interface Identified {
  readonly id: string;
}

/** What the root fields return: a value, or a function of their arguments. */
export const values: Readonly<Record<string, unknown>> = {
  hello: 'hello',
  any: 'any',
  user: 'Ada',
  strict: 'strict',
  node: byId,
  thing: byId,
  nodes: [order, account, note, account, null],
  things: [account, order],
  order,
  orders: [order, order],
  none: [],
  me: account,
  accounts: [account, account],
  sealed: [order, note],
  leaf,
  middle: leaf,
  joint: { x: 1 },
  vault: safe,
  safe,
  safes: [safe, safe],
  gate,
  door: gate,
  bundle: order,
  bundles: [order, note],
  price: 7,
  prices: [7, 8],
  grade: 'A',
  search: 'found',
  box: { open: 'open', inner: { open: 'inner open' } },
  role: 'role',
  groups: 'groups',
  tenant: 'tenant',
  record: ({ id }: Identified) => records.find((record) => record.id === id),
  records,
  diary: ({ id }: Identified) => diaries.find((diary) => diary.id === id),
  diaries,
  letter: { text: 'letter' },
  own: 'own',
  either: 'either',
  both: 'both',
  fresh: 'fresh',
  strong: 'strong',
  even: 'even',
  numbered: [
    { n: 1, check: 'one' },
    { n: 2, check: 'two' },
  ],
  ...Object.fromEntries(
    ['truthy', 'throws', 'rejects', 'hangs', 'short', 'long', 'nothing', 'allAnd'].map((name) => [name, name]),
  ),
  shadowed: { x: 1, y: 2, nobodyId: 'nobody' },
  touch: order,
  wipe: true,
  make: { order, account, node: note },
  put: true,
  give: true,
  vet: true,
  ticks: order,
  narrowed: narrow,
  narrow,
  holder: narrow,
  crate,
  alarms: 'fire',
  pair: left,
  pairs: [left, left],
  has: { __typename: 'HasLeft', pair: left },
  paired: left,
};
