import {
  buildASTSchema,
  type DocumentNode,
  defaultFieldResolver,
  execute,
  type ExecutionResult,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  responsePathAsArray,
  visit,
} from 'graphql';
import type { Question } from './document.ts';
import { type Asked, couldHold, holds, rulesIn } from './model-rules.ts';
import type { Shape } from './shape.ts';
import { makeRoot } from './values.ts';

/** What a field was asked and what it gave, where nothing is guarded. */
interface Visit {
  readonly parent: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly source: Readonly<Record<string, unknown>>;
  readonly args: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

type Path = readonly (string | number)[];

/** A null on its way up to where it may stand. */
const rising = Symbol('a null that is not allowed here');

export interface Expected {
  /** The data that should come out. */
  readonly data: ExecutionResult['data'];
  /** Whether not even a resolver may have run: a root field of a mutation is denied. */
  readonly nothing: boolean;
}

/** Slow and obvious: executes the operation unguarded, and asks for every value that came out whether each of its rules allows it. */
export interface Model {
  /** The schema without any rule. */
  readonly plain: GraphQLSchema;
  expect(question: Question): Promise<Expected>;
}

export function makeModel(shape: Shape): Model {
  const { modules } = shape;
  const rules = rulesIn(modules);
  const at = (coordinate: string) => rules.get(coordinate) ?? [];
  const plain = buildASTSchema(withoutDirectives(parse(Object.values(modules).join('\n'))), { assumeValidSDL: true });

  return {
    plain,
    async expect({ document, operationName, variables, caller }) {
      const visits = new Map<string, Visit>();
      const { data } = await execute({
        schema: plain,
        document: parse(document),
        operationName,
        variableValues: variables,
        rootValue: makeRoot(shape, []),
        fieldResolver: (source, args, context, info) => {
          const value = defaultFieldResolver(source, args, context, info);
          const field = info.parentType.getFields()[info.fieldName];
          if (field) {
            const visit = { parent: info.parentType, field, source, args, value };
            visits.set(responsePathAsArray(info.path).join('.'), visit);
          }
          return value;
        },
      });
      if (!data) return { data, nothing: false };
      const isMutation = / mutation This /.test(` ${document}`);
      const roots = Object.keys(data).map((key) => visits.get(key));
      const deniedRoot = roots.some((visit) => visit && !mayReadField(visit, caller));
      const nothing = isMutation && deniedRoot;
      try {
        return { data: object(data, [], nothing), nothing };
      } catch (error) {
        if (error === rising) return { data: null, nothing };
        throw error;
      }

      function object(data: object, path: Path, denied = false): Record<string, unknown> {
        const entries = Object.entries(data).map(([key, value]) => [key, at(key, value)] as const);
        return Object.fromEntries(entries);

        function at(key: string, value: unknown): unknown {
          const here = [...path, key];
          const visit = visits.get(here.join('.'));
          if (!visit) return value; // __typename
          return standing(visit.field.type, () => {
            if (denied || !mayReadField(visit, caller)) throw rising;
            return complete(visit.field.type, value, visit.value, here);
          });
        }
      }

      function complete(type: GraphQLOutputType, value: unknown, raw: unknown, path: Path): unknown {
        if (isNonNullType(type)) return complete(type.ofType, value, raw, path);
        if (value === null) return null;
        if (isListType(type)) {
          return (value as readonly unknown[]).map((item, index) =>
            standing(type.ofType, () =>
              complete(type.ofType, item, (raw as readonly unknown[])[index], [...path, index]),
            ),
          );
        }
        const name = (raw as { readonly __typename?: string }).__typename;
        const concrete = name === undefined ? undefined : plain.getType(name);
        if (!isObjectType(concrete)) return value;
        const union = isUnionType(type) ? at(type.name) : [];
        const asked = { caller, object: raw as Asked['object'], args: {} };
        if (![...typeRules(concrete), ...union].every((rule) => holds(rule, asked))) throw rising;
        return object(value as object, path);
      }
    },
  };

  /** The rules of a type, and of every interface that it implements. */
  function typeRules(type: GraphQLObjectType): ReturnType<typeof at> {
    return [type, ...type.getInterfaces()].flatMap(({ name }) => at(name));
  }

  function mayReadField({ parent, field, source, args }: Visit, caller: Question['caller']): boolean {
    const asked = { caller, object: source, args };
    const types = [parent, ...parent.getInterfaces()].map(({ name }) => name);
    const returned = getNamedType(field.type);
    const root = parent === plain.getQueryType() || parent === plain.getMutationType();
    const own = [
      ...types.flatMap((type) => at(`${type}.${field.name}`)),
      ...(root ? at(parent.name) : []),
      ...field.args.flatMap((argument) => supplied(argument, types, field.name, args)),
    ];
    const composite = isObjectType(returned) || isInterfaceType(returned) || isUnionType(returned);
    if (!composite) own.push(...at(returned.name));
    // What every value of the type takes and this caller can never have, is decided for the field as a whole.
    const always =
      isObjectType(returned) || isInterfaceType(returned) ? [returned, ...returned.getInterfaces()] : [returned];
    const hopeless = composite && always.some(({ name }) => at(name).some((rule) => !couldHold(rule, caller)));
    return !hopeless && own.every((rule) => holds(rule, asked));
  }

  /** The rules of what an argument supplies. */
  function supplied({ name, type }: GraphQLArgument, types: readonly string[], field: string, args: Visit['args']) {
    if (!Object.hasOwn(args, name)) return [];
    return [...types.flatMap((parent) => at(`${parent}.${field}(${name}:)`)), ...inside(type, args[name])];
  }

  function inside(type: GraphQLInputType, value: unknown): ReturnType<typeof at> {
    if (isNonNullType(type)) return inside(type.ofType, value);
    if (isListType(type) && Array.isArray(value)) return value.flatMap((item) => inside(type.ofType, item));
    const named = getNamedType(type);
    if (isInputObjectType(named) && typeof value === 'object' && value !== null) {
      const fields = Object.values(named.getFields()).filter(({ name }) => Object.hasOwn(value, name));
      const below = fields.flatMap(({ name, type }) => [
        ...at(`${named.name}.${name}`),
        ...inside(type, (value as Visit['args'])[name]),
      ]);
      return [...at(named.name), ...below];
    }
    return [...at(named.name), ...(isEnumType(named) && typeof value === 'string' ? at(`${named.name}.${value}`) : [])];
  }
}

/** A null stands where the type lets it, and rises otherwise. */
function standing(type: GraphQLOutputType, make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error !== rising || isNonNullType(type)) throw error;
    return null;
  }
}

function withoutDirectives(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: () => null });
}
