import type { GuardedSchemaOptions } from '../../../src/auth/guarded-schema.ts';

/** A schema with a rule on every kind of element. */
export const shopSdl = `
  type Query {
    version: String @public
    viewer: Person @auth
    orders(filter: OrderFilter, state: State): [Order!] @auth(scope: "orders:read")
    node(id: ID!): Node @public
    search(text: String): [Found!] @public
    thing: Thing @public
    holder: Holder @public
    admin: Report @auth(claims: [{ claim: "role", oneOf: ["admin"] }])
    groups: Report @auth(claims: [{ claim: "groups", contains: "ops" }])
    recent: Report @auth(maxAge: 300)
    strong: Report @auth(acr: ["mfa"])
    either: Report @auth(anyOf: [{ scope: "either:one" }, { policy: "office" }])
    both: Report @auth(scope: "both:one both:two")
    office: Report @auth(policy: "office")
    account(id: ID!): Report @auth(owner: "$id")
    price(of: Int, discount: Int @auth(scope: "discounts")): Int @public
    tenant: Report @auth(claims: [{ claim: ["app", "tenant"], exists: true }])
  }
  type Mutation {
    pay(input: PayInput!): Receipt @auth(scope: "pay")
    open(text: String): Opened @public
    choose: Choice @public
    send(level: Level): Receipt @public
    close(id: ID!): Int @auth(owner: "$id")
  }
  type Subscription { paid: Receipt @auth(scope: "events")  ticks: Tick @public }
  interface Node { id: ID! }
  interface Ruled @auth(scope: "ruled") { note: String }
  interface Named { name: String @auth(scope: "names") }
  type Order implements Node { id: ID!  total: Int @auth(scope: "totals")  customer: Person  state: State  secret: Secret }
  type Person implements Node & Named { id: ID!  name: String  email: String @auth(owner: "id")  salary: Salary }
  type Salary @auth(policy: "office") { amount: Int }
  type Secret implements Node @auth(scope: "secrets") { id: ID!  text: String }
  type Report { lines: Int }
  type Note implements Ruled & Node { id: ID!  note: String }
  union Found = Order | Person | Secret | Note
  union Thing @auth(scope: "things") = Tool | Toy
  type Tool { weight: Int }
  type Toy { colour: Colour }
  interface Holder { thing: Thing }
  type Narrow implements Holder { thing: Tool }
  type Wide implements Holder { thing: Thing }
  type Receipt { number: Int  internal: Int @auth(scope: "internal") }
  type Opened { left: Left }
  type Left @auth(scope: "left") { value: Int }
  type One @auth(scope: "one") { value: Int }
  type Two @auth(scope: "two") { value: Int }
  union Choice = One | Two
  type Tick { at: Int  secret: Int @auth(scope: "ticks") }
  input OrderFilter { not: OrderFilter  any: [OrderFilter!]  email: String @auth(scope: "filter:email")  state: State }
  input PayInput { amount: Int!  coupon: Coupon }
  input Coupon @auth(scope: "coupons") { code: String }
  enum State { OPEN  PAID  HIDDEN @auth(scope: "states:hidden") }
  enum Level { LOW  HIGH @auth(scope: "levels:high") }
  enum Colour @auth(scope: "colours") { RED  BLUE }
`;

const policy = () => [false];

/** The options of a guarded schema. Its resolvers are made by the attack. */
export const shop: GuardedSchemaOptions = {
  modules: [{ name: 'shop', typeDefs: shopSdl }],
  policies: { office: policy },
};
