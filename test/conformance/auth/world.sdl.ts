/** The modules of the table's schema, with a rule in every possible place and with every argument. */
export const sdl: Readonly<Record<string, string>> = {
  shop: `
    interface Node { id: ID!  secret: String }
    interface Sealed { seal: String @auth(scope: "seal") }
    interface Base { mark: Int @auth(scope: "mark") }
    interface Middle implements Base { mark: Int }
    union Thing = Order | Account | Note
    type Order implements Node & Sealed {
      id: ID!
      secret: String @auth(scope: "order:secret")
      seal: String
      total: Int @auth(scope: ["total", "audit books"])
      lines: [Line!]!
      buyer: Account
      parent: Node
    }
    type Account implements Node & Sealed @auth(scope: "accounts") { id: ID!  secret: String  seal: String  name: String }
    type Note implements Node & Sealed { id: ID!  secret: String  seal: String @auth(scope: "note:seal") }
    type Leaf implements Base & Middle { mark: Int  plain: String }
    type Line { text: String! @auth(scope: "lines")  count: Int }
    type Query {
      hello: String @public
      any: String @auth
      user: String @auth(scope: "user:read")
      node(id: ID!): Node @public
      nodes: [Node] @public
      thing(id: ID!): Thing @public
      things: [Thing] @public
      order: Order @public
      orders: [Order!]! @public
      none: [Order] @public
      me: Account @public
      accounts: [Account] @public
      sealed: [Sealed] @public
      leaf: Leaf @public
      middle: Middle @public
      strict: String! @auth(scope: "strict")
      joint: Joint @public
    }
    type Joint @auth(scope: "joint:a") { x: Int }
    type Mutation {
      touch: Order @public
      wipe: Boolean @auth(scope: "wipe")
      make: Payload @public
    }
    type Payload { order: Order  account: Account  node: Node }
    type Subscription { ticks: Order @public  alarms: String @auth(scope: "alarms") }
  `,
  joints: `
    extend type Joint @auth(scope: ["joint:b"])
  `,
  abstract: `
    interface Vault @auth(scope: "vault") { code: String }
    interface Door implements Vault { code: String  open(key: String @auth(scope: "key")): String }
    union Bundle @auth(scope: "bundle") = Order | Note
    type Safe implements Vault { code: String  size: Int }
    type Gate implements Vault & Door { code: String  open(key: String): String }
    scalar Money @auth(scope: "money")
    enum Grade @auth(scope: "grade") { A B }
    extend type Query {
      vault: Vault @public
      safe: Safe @public
      safes: [Safe] @public
      gate: Gate @public
      door: Door @public
      bundle: Bundle @public
      bundles: [Bundle] @public
      price: Money @public
      prices: [Money] @public
      grade: Grade @public
    }
  `,
  inputs: `
    enum Size { SMALL  LARGE  HUGE @auth(scope: "huge") }
    enum Colour @auth(scope: "colour") { RED  BLUE }
    scalar Weight @auth(scope: "weight")
    input Filter {
      name: String
      secret: String @auth(scope: "filter:secret")
      and: [Filter!]
      size: Size
      audit: Audit
    }
    input Audit @auth(scope: "audit") { note: String }
    input SortBy { by: Colour  next: [SortBy!] }
    extend type Query {
      search(
        filter: Filter
        limit: Int = 10
        deep: Boolean @auth(scope: "deep")
        size: Size
        sizes: [Size!]
        weight: Weight
        audits: [Audit!]
        sort: SortBy
      ): String @public
      box: Box @public
    }
    type Box { open(force: Boolean @auth(scope: "force")): String  inner: Box }
    extend type Mutation { put(filter: Filter, deep: Boolean @auth(scope: "deep")): Boolean @public }
  `,
  values: `
    type Record { id: ID!  ownerId: ID  body: String @auth(owner: "ownerId")  title: String }
    type Diary @auth(owner: "ownerId") { id: ID!  ownerId: ID  text: String! }
    type Letter @auth(policy: ["never"]) { text: String }
    type Numbered { n: Int  check(n: Int): String @auth(policy: ["even"]) }
    extend type Query {
      role: String @auth(claims: [{ claim: ["role"], oneOf: ["admin", "7", "true"] }])
      groups: String @auth(claims: [{ claim: ["groups"], contains: "staff" }])
      tenant: String @auth(claims: [{ claim: ["https://example.com/app", "tenant"], oneOf: ["acme"] }, { claim: ["sid"], exists: true }])
      record(id: ID!): Record @public
      records: [Record] @public
      diary(id: ID!): Diary @public
      diaries: [Diary] @public
      letter: Letter @public
      own(user: ID): String @auth(owner: "$user")
      either: String @auth(anyOf: [{ scope: "admin" }, { claims: [{ claim: ["role"], oneOf: ["admin"] }] }])
      both: String @auth(scope: "both", anyOf: [{ scope: "x" }, { scope: "y" }])
      fresh: String @auth(maxAge: 60)
      strong: String @auth(acr: ["gold", "silver"])
      even(n: Int): String @auth(policy: ["even"])
      numbered: [Numbered] @public
      truthy: String @auth(policy: ["truthy"])
      throws: String @auth(policy: ["throws"])
      rejects: String @auth(policy: ["rejects"])
      hangs: String @auth(policy: ["hangs"])
      short: String @auth(policy: ["short"])
      long: String @auth(policy: ["long"])
      nothing: String @auth(policy: ["nothing"])
      allAnd: String @auth(policy: ["always", "never"])
      shadowed: Shadowed @public
    }
    type Shadowed { x: Int @auth(scope: "nobody", mode: SHADOW)  y: Int @auth(scope: "y") @auth(owner: "nobodyId", mode: SHADOW)  nobodyId: ID }
    extend type Mutation {
      give(user: ID!): Boolean @auth(owner: "$user")
      vet(n: Int): Boolean @auth(policy: ["even"])
    }
  `,
  cargo: `
    union Cargo @auth(scope: "cargo") = Crate | Barrel
    union Kept @auth(policy: ["never"]) = Crate | Barrel
    interface Holder { thing: Cargo  things: [Cargo!]  kept: Kept }
    type Crate { n: Int }
    type Barrel { n: Int }
    extend type Query { holder: Holder @public  crate: Crate @public }
  `,
  narrow: `
    type Narrow implements Holder { thing: Crate  things: [Crate!]!  kept: Crate }
    extend type Query { narrow: Narrow @public }
    extend type Subscription { narrowed: Narrow @public }
  `,
  pairs: `
    union Pair = Left | Right
    type Left @auth(scope: "left") { x: Int }
    type Right @auth(scope: "right") { y: Int }
    interface Has { pair: Pair }
    type HasLeft implements Has { pair: Left }
    type HasRight implements Has { pair: Right }
    extend type Mutation { pair: Pair @public  pairs: [Pair!]! @public  has: Has @public }
    extend type Subscription { paired: Pair @public }
  `,
};
