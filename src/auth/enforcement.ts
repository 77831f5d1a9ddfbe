import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { createDecider, type Decider } from './decide.ts';
import { compileElements, type Elements } from './elements.ts';
import { createPlanner, type Fragments, type Plan, type Planner } from './plan.ts';
import type { Rule } from './rule.ts';
import { createJudge, type Judge } from './verdict.ts';

/** All that decides about a schema: its rules, compiled once, for plan and guard alike. */
export interface Enforcement {
  readonly rules: readonly Rule[];
  readonly elements: Elements;
  readonly decide: Decider;
  readonly judge: Judge;
  /** Plans an operation, or finds the plan it made before. */
  readonly plan: Planner;
}

export function createEnforcement(schema: GraphQLSchema, rules: readonly Rule[]): Enforcement {
  const elements = compileElements(schema, rules);
  const decide = createDecider(rules);
  return {
    rules,
    elements,
    decide,
    judge: createJudge(rules, decide),
    plan: remembered(createPlanner(schema, elements)),
  };
}

/** Keeps a plan beside its operation, as long as that lives, and only for the fragments it was made with. */
function remembered(plan: Planner): Planner {
  const plans = new WeakMap<OperationDefinitionNode, { readonly fragments: Fragments; readonly plan: Plan | null }>();
  return (operation, fragments) => {
    const known = plans.get(operation);
    if (known && sameFragments(known.fragments, fragments)) return known.plan;
    const made = plan(operation, fragments);
    plans.set(operation, { fragments, plan: made });
    return made;
  };
}

function sameFragments(a: Fragments, b: Fragments): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

const fragmentsByDocument = new WeakMap<DocumentNode, Fragments>();

/** The fragments of a document by name; the object has no prototype, as a name can be any. */
export function fragmentsOf(document: DocumentNode): Fragments {
  const known = fragmentsByDocument.get(document);
  if (known) return known;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  fragmentsByDocument.set(document, fragments);
  return fragments;
}
