import { getNamedType, type GraphQLSchema, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { ExplainedElement } from '../explanation.ts';

/** The range of a name in the document. Lines and columns start at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Finds the places of an element: the name of the field, or the names of the inputs that the field supplies. */
export type PlacesOf = (element: Pick<ExplainedElement, 'coordinate' | 'line' | 'column'>) => readonly Place[];

/** The largest number of places of one input, for example of an input field in a list of objects. */
const maxPlaces = 50;

/**
 * Makes the function that finds places. The server gives the position of the field. The position of an argument, an
 * input field or an enum value is found here. An input that a variable supplies has the place of its field.
 *
 * @param schema - `null`: only fields and arguments are found
 */
export function createPlaces(document: string, schema: GraphQLSchema | null): PlacesOf {
  const lines = document.split(/\r\n|\n|\r/);
  let inputs: ReadonlyMap<string, readonly Place[]> | undefined;
  return ({ coordinate, line, column }) => {
    const text = lines[line - 1];
    if (text === undefined || column < 1 || column > text.length) return [];
    inputs ??= inputPlaces(document, schema);
    const [, argument] = /\((\w+):\)$/.exec(coordinate) ?? [];
    const found = inputs.get(`${line}:${column} ${argument === undefined ? coordinate : `(${argument}:)`}`);
    return found ?? [{ line, column, endColumn: endOfName(text, column) }];
  };
}

/** The end of a field's name. With an alias, the field's own name belongs to it. */
function endOfName(text: string, column: number): number {
  const [name = ''] = /^[_A-Za-z]\w*(?:[\s,]*:[\s,]*[_A-Za-z]\w*)?/.exec(text.slice(column - 1)) ?? [];
  return column + Math.max(1, name.length);
}

/** Finds the inputs of each field, by the position of the field and the coordinate of the input. */
function inputPlaces(document: string, schema: GraphQLSchema | null): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const fields: string[] = [];
  const add = (coordinate: string, node: { readonly loc?: NodeLocation | undefined }): void => {
    const [field] = fields.slice(-1);
    if (field === undefined || !node.loc) return;
    const { line, column, start, end } = { ...node.loc.startToken, end: node.loc.end };
    const known = places.get(`${field} ${coordinate}`) ?? [];
    if (known.length < maxPlaces) known.push({ line, column, endColumn: column + end - start });
    places.set(`${field} ${coordinate}`, known);
  };
  const types = schema ? new TypeInfo(schema) : null;
  const typeName = (type: Parameters<typeof getNamedType>[0]): string => getNamedType(type)?.name ?? '';
  const visitor = {
    Field: {
      enter: (node: { readonly loc?: NodeLocation }) => {
        const { line = 0, column = 0 } = node.loc?.startToken ?? {};
        fields.push(`${line}:${column}`);
      },
      leave: () => void fields.pop(),
    },
    Directive: () => false, // An argument of a directive is not an argument of the field.
    Argument: (node: Named) => add(`(${node.name.value}:)`, node.name),
    ObjectField: (node: Named) => add(`${typeName(types?.getParentInputType())}.${node.name.value}`, node.name),
    EnumValue: (node: { readonly value: string; readonly loc?: NodeLocation }) =>
      add(`${typeName(types?.getInputType())}.${node.value}`, node),
  };
  try {
    visit(parse(document), types ? visitWithTypeInfo(types, visitor) : visitor);
  } catch {
    // A document that does not parse, or that is nested beyond the stack, has no places of inputs.
  }
  return places;
}

interface NodeLocation {
  readonly end: number;
  readonly startToken: { readonly line: number; readonly column: number; readonly start: number };
}

interface Named {
  readonly name: { readonly value: string; readonly loc?: NodeLocation };
}
