import { type ConstDirectiveNode, type ConstValueNode, type DefinitionNode, Kind, print } from 'graphql';
import { faultAt } from './fault.ts';
import type { ParsedModule } from './parse.ts';
import type { Rule } from './rule.ts';
import { parseScope, type ScopeAlternatives } from './scope.ts';

/** A `@public` of the schema. */
export interface PublicField {
  readonly coordinate: string;
  readonly module: string;
}

/** What the modules' own definitions say, each still under its author's name. */
export interface Collected {
  /** The table of rules. */
  readonly rules: readonly Rule[];
  readonly publicFields: readonly PublicField[];
}

/**
 * Collects the rules of every module before the modules are joined: joining may not change what a module asked for.
 *
 * @param catalogue - the scopes there are; a rule that names another one is a fault. Left out: any scope may be named
 */
export function collectRules(
  modules: readonly ParsedModule[],
  catalogue: ReadonlySet<string> | undefined,
  faults: string[],
): Collected {
  const rules: Rule[] = [];
  const publicFields: PublicField[] = [];

  function collect(
    module: string,
    kind: Rule['kind'],
    coordinate: string,
    directives: readonly ConstDirectiveNode[] = [],
  ) {
    for (const directive of directives) {
      if (directive.name.value === 'public') publicFields.push({ coordinate, module });
      if (directive.name.value !== 'auth') continue;
      const report = (message: string): void => void faults.push(faultAt(coordinate, [module], message));
      const scope = readScope(directive, catalogue, report);
      rules.push({ id: rules.length, coordinate, kind, module, scope, source: print(directive) });
    }
  }

  for (const { name: module, definitions } of modules) {
    // GraphQL's validation knows that the directives have no other place.
    for (const node of definitions) {
      if (isOf(node, objectKinds)) collect(module, 'type', node.name.value, node.directives);
      if (!isOf(node, fieldKinds)) continue;
      for (const field of node.fields ?? []) {
        collect(module, 'field', `${node.name.value}.${field.name.value}`, field.directives);
      }
    }
  }
  return { rules, publicFields };
}

const objectKinds = [Kind.OBJECT_TYPE_DEFINITION, Kind.OBJECT_TYPE_EXTENSION] as const;
const fieldKinds = [...objectKinds, Kind.INTERFACE_TYPE_DEFINITION, Kind.INTERFACE_TYPE_EXTENSION] as const;

function isOf<K extends Kind>(
  node: DefinitionNode,
  kinds: readonly K[],
): node is Extract<DefinitionNode, { readonly kind: K }> {
  return (kinds as readonly Kind[]).includes(node.kind); // `includes` takes members alone; this asks of any kind.
}

/** The value of `scope:`, which GraphQL's validation of SDL does not look at. */
function readScope(
  directive: ConstDirectiveNode,
  catalogue: ReadonlySet<string> | undefined,
  report: (message: string) => void,
): ScopeAlternatives {
  const value = directive.arguments?.find((argument) => argument.name.value === 'scope')?.value;
  if (value === undefined) return [[]];
  const values: readonly ConstValueNode[] = value.kind === Kind.LIST ? value.values : [value];
  if (values.length === 0) report('@auth(scope: []) names no alternative; leave scope out to let any valid token pass');
  return values.flatMap((item) => {
    const scopes = item.kind === Kind.STRING ? parseScope(item.value) : null;
    if (scopes === null) {
      report(
        `@auth has the scope ${print(item)}; expected a string of scopes with one space between them (RFC 6749 §3.3)`,
      );
    }
    for (const scope of scopes ?? []) {
      if (catalogue && !catalogue.has(scope))
        report(`@auth has the unknown scope "${scope}"; expected one of ${[...catalogue].join(', ')}`);
    }
    return scopes ? [scopes] : []; // Without an alternative a rule denies everyone.
  });
}
