import shop from '../peers/claimgate.config.ts';

/** So many further fields have a rule. Each type has ten of them. */
const rules = Number(process.env['CURVE_RULES'] ?? '0');
const types = Array.from({ length: Math.ceil(rules / 10) }, (_, type) => {
  const fields = Array.from({ length: Math.min(10, rules - type * 10) }, (_, field) => `f${field}: Int`);
  return `type Further${type} { ${fields.map((field) => `${field} @auth(scope: "profile")`).join(' ')} }`;
});
const roots = types.map((_, type) => `further${type}: Further${type} @public`).join(' ');
const typeDefs = rules === 0 ? [] : [...types, `extend type Query { ${roots} }`];

// The shop of the benchmark of the hot path, with further rules that its queries do not use.
export default {
  ...shop,
  modules: [...shop.modules, ...(rules === 0 ? [] : [{ name: 'further', typeDefs: typeDefs.join('\n') }])],
};
