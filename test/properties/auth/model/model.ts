import {
  buildASTSchema,
  defaultFieldResolver,
  execute,
  type ExecutionResult,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  responsePathAsArray,
  visit,
} from 'graphql';
import { typeResolvers } from '../generate/authors.ts';
import { type Question, variablesOf } from '../generate/document.ts';
import { calm } from '../generate/dress.ts';
import { type FieldOfValue, makeElements, type ModelElements } from './elements.ts';
import { couldHold, type Rule } from './rules.ts';
import type { Shape } from '../generate/shape.ts';
import { makeRoot, type Read, settledOf, typeNameOf, type Value } from '../generate/values.ts';

/** A field that was read without a guard, and its value. */
interface Visit extends FieldOfValue {
  /** A value, null, a list, or a `Failure`. */
  readonly value: unknown;
}

export type Path = readonly (string | number)[];

/** A field or a value that the caller is denied. */
export interface ExpectedDenial {
  readonly path: Path;
  /** The rules that deny for every value. Empty: a value, an argument or a policy decided. */
  readonly always: readonly Rule[];
  /** Whether the type of the value denies it. Then the error reports neither reason nor scopes. */
  readonly ofValue: boolean;
}

export interface Expected {
  /** The expected data. */
  readonly data: ExecutionResult['data'];
  /** The result of the operation without a guard. */
  readonly unguarded: ExecutionResult;
  readonly denials: readonly ExpectedDenial[];
}

/** A null that moves up to the nearest nullable position. */
const rising = Symbol('a null that is not allowed here');

/**
 * A slow and simple model. It executes the operation unguarded, and then decides every rule of every value in the
 * result.
 */
export interface Model {
  /** The schema without any rule. */
  readonly plain: GraphQLSchema;
  readonly elements: ModelElements;
  expect(question: Question): Promise<Expected>;
  /** Whether the caller was allowed to read this field. */
  mayHaveRead(read: Read, caller: Question['caller']): boolean;
}

export function makeModel(shape: Shape): Model {
  const plain = plainSchema(shape);
  const elements = makeElements(plain, shape.modules);

  return {
    plain,
    elements,
    mayHaveRead({ parent: name, field: fieldName, source, args }, caller) {
      const parent = plain.getType(name);
      const field = isObjectType(parent) ? parent.getFields()[fieldName] : undefined;
      return (
        isObjectType(parent) && field !== undefined && elements.mayReadField({ parent, field, source, args }, caller)
      );
    },
    async expect(question) {
      const { document, operationName, caller } = question;
      const visits = new Map<string, Visit>();
      const unguarded = await execute({
        schema: plain,
        document: parse(document),
        operationName,
        variableValues: variablesOf(question),
        rootValue: makeRoot(shape, [], true),
        fieldResolver(source, args, context, info) {
          const field = info.parentType.getFields()[info.fieldName];
          const settled = settledOf(source, info.fieldName);
          const value = settled === undefined ? defaultFieldResolver(source, args, context, info) : settled;
          const path = responsePathAsArray(info.path).join('.');
          if (field) visits.set(path, { parent: info.parentType, field, source, args, value });
          return calm(value);
        },
      });
      const denials: ExpectedDenial[] = [];
      return { data: unguarded.data ? reduced(unguarded.data) : unguarded.data, unguarded, denials };

      function reduced(data: object): Record<string, unknown> | null {
        try {
          return object(data, []);
        } catch (error) {
          if (error === rising) return null;
          throw error;
        }
      }

      function object(data: object, path: Path): Record<string, unknown> {
        return Object.fromEntries(
          all(Object.entries(data), ([key, value]) => [key, at([...path, key], value)] as const),
        );
      }

      function at(here: Path, value: unknown): unknown {
        const visit = visits.get(here.join('.'));
        if (!visit) return value; // __typename
        return standing(visit.field.type, () => {
          if (!elements.mayReadField(visit, caller)) throw denied(here, elements.denyingField(visit, caller), false);
          return complete(visit, visit.field.type, value, visit.value, here);
        });
      }

      function complete(visit: Visit, type: GraphQLOutputType, value: unknown, raw: unknown, path: Path): unknown {
        if (isNonNullType(type)) return complete(visit, type.ofType, value, raw, path);
        if (value === null) return null;
        if (isListType(type)) {
          return all(value as readonly unknown[], (item, index) =>
            standing(type.ofType, () =>
              complete(visit, type.ofType, item, (raw as readonly unknown[])[index], [...path, index]),
            ),
          );
        }
        const concrete = plain.getType(typeNameOf(raw) ?? '');
        if (!isObjectType(concrete)) return value;
        const returned = elements.returnRules(visit.parent, visit.field);
        if (!elements.mayReadValue(concrete, raw as Value, returned, caller)) {
          const always = [...elements.typeRules(concrete), ...returned].filter((rule) => !couldHold(rule, caller));
          throw denied(path, always, true);
        }
        return object(value as object, path);
      }

      function denied(path: Path, always: readonly Rule[], ofValue: boolean): typeof rising {
        denials.push({ path, always, ofValue });
        return rising;
      }
    },
  };
}

/** Continues with the other values if a null has to rise, so that every denial is found. */
function all<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[] {
  const made = items.map((item, index) => {
    try {
      return [make(item, index)] as const;
    } catch (error) {
      if (error !== rising) throw error;
      return null;
    }
  });
  return made.map((one) => {
    if (one === null) throw rising;
    return one[0];
  });
}

/** Returns null if the type is nullable; otherwise the null rises. */
function standing(type: GraphQLOutputType, make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error !== rising || isNonNullType(type)) throw error;
    return null;
  }
}

function plainSchema({ modules, authors }: Shape): GraphQLSchema {
  const document = visit(parse(Object.values(modules).join('\n')), { Directive: () => null });
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  for (const [name, { __resolveType, __isTypeOf }] of Object.entries(typeResolvers(authors))) {
    const type = schema.getType(name);
    if (isAbstractType(type)) type.resolveType = __resolveType;
    if (isObjectType(type)) type.isTypeOf = __isTypeOf;
  }
  return schema;
}
