import { useGraphiQL } from '@graphiql/react';
import type { GraphQLNamedType } from 'graphql';
import { createContext, use, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useServices } from '../../services.ts';
import { useChoice } from '../../callers/use-callers.ts';
import { versionOf } from '../needs.ts';
import { createElementRules, type ElementRules, typesToLoad } from './element-rules.ts';

/** The rules that the documentation shows, and why they are not known. */
export interface DocumentedRules {
  readonly rules: ElementRules;
  readonly fault: string | null;
}

/** Loads the rules of the types that a page of the documentation shows, for the active caller. */
export function useRulesOf(types: readonly GraphQLNamedType[]): DocumentedRules | null {
  const { rules } = useServices().needs;
  const { runsAs } = useChoice();
  const [caller] = runsAs;
  const schema = useGraphiQL((state) => state.schema);
  const known = useSyncExternalStore(rules.subscribe, rules.known);
  useEffect(() => {
    if (!schema || !caller) return;
    rules.load(
      types.flatMap((type) => typesToLoad(schema, type)),
      { id: caller.id, version: versionOf(caller) },
    );
  }, [rules, schema, caller, types]);
  return useMemo(
    () => (schema ? { rules: createElementRules(schema, known.rules), fault: known.fault } : null),
    [schema, known],
  );
}

/** The rules for the elements of one page of the documentation. */
export const RulesContext = createContext<ElementRules | null>(null);

/** Returns the rules of the page. `null`: they are not known. */
export function useElementRules(): ElementRules | null {
  return use(RulesContext);
}
