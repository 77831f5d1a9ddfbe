import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { isInExtensions } from './extensions.ts';

/** A node of the SDL that may have directives. */
interface DirectedNode {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** An element of an executable schema. Its SDL or its `extensions` may have directives. */
export interface Directed {
  readonly astNode?: DirectedNode | null | undefined;
  readonly extensionASTNodes?: readonly DirectedNode[] | null | undefined;
  readonly extensions?: Readonly<Record<PropertyKey, unknown>> | undefined;
}

/** Returns the directives that an element has in its SDL. This includes its definition and its `extend` nodes. */
export function directivesIn({ astNode, extensionASTNodes }: Directed): readonly ConstDirectiveNode[] {
  return [astNode, ...(extensionASTNodes ?? [])].flatMap((node) => node?.directives ?? []);
}

/** Whether an element has a directive in its SDL or in its `extensions`. */
export function carriesDirective(element: Directed, name: string): boolean {
  return (
    directivesIn(element).some((directive) => directive.name.value === name) || isInExtensions(element.extensions, name)
  );
}

/** A field, an enum value or an input field of a type. */
export interface Member extends Directed {
  readonly name: string;
  readonly args?: readonly (Directed & { readonly name: string })[];
}

/** Returns the members of a type by name. A field is found by its key, because the executor finds it by its key too. */
export function membersOf(type: GraphQLNamedType): ReadonlyMap<string, Member> {
  if (isEnumType(type)) return new Map(type.getValues().map((value) => [value.name, value]));
  const hasFields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
  return new Map(hasFields ? Object.entries<Member>(type.getFields()) : []);
}
