import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { always, type NormalForm } from '../../../auth/algebra/form.ts';
import { compileElements } from '../../../auth/rules/elements.ts';
import { rootTypes } from '../../../auth/rules/root-types.ts';
import type { RuleIds } from '../../../auth/rules/rule.ts';
import type { RuleSource } from '../../source/rule-source.ts';
import { ClaimgateError } from '../../../errors.ts';
import { ToolFault } from '../../report/fault.ts';
import type { Given } from '../../values/given.ts';
import { type CallArguments, callValues, callWith, leastCalls } from './call.ts';
import { createForms, type Forms, isOpen } from './forms.ts';
import { reachOf } from './reach.ts';
import type { Call, ReadField, Way } from './way.ts';

/** Who reads the fields of a schema. */
export interface Access {
  readonly source: RuleSource;
  /** Makes the forms of both schemas. */
  readonly forms: Forms;
  readonly roots: ReadonlyMap<string, 'query' | 'mutation' | 'subscription'>;
  readonly fields: ReadonlyMap<string, ReadField>;
  readonly ways: readonly Way[];
  readonly waysFrom: ReadonlyMap<string, readonly Way[]>;
  /** Who reaches a type over all paths. */
  readonly reach: (type: string) => NormalForm;
  /** The rules of an object type, with those of its interfaces. */
  readonly typeForm: (type: string) => NormalForm;
  /** Whether an element carries a rule. */
  readonly isRuled: (coordinate: string) => boolean;
  /** Makes a call of a field with given arguments. `null`: the schema has no such field, or it does not accept them. */
  readonly callWith: (type: string, field: string, given: readonly Given[]) => Call | null;
}

/**
 * Finds who reads the fields of a schema. The paths are searched when `reach` is first asked.
 *
 * @param forms - the forms of the two schemas that are compared. Default: forms of one schema
 */
export function accessOf(source: RuleSource, forms: Forms = createForms()): Access {
  const { schema, rules } = source;
  const enforced = rules.filter(({ mode }) => mode === 'ENFORCE');
  const elements = compileElements(schema, enforced);
  const ruled = new Set(enforced.map(({ coordinate }) => coordinate));
  const choices = callValues((at) => ruled.has(at), false);
  const formsOfIds = new Map<string, NormalForm>();
  function formOfIds(ids: RuleIds): NormalForm {
    const key = ids.join();
    const form = formsOfIds.get(key) ?? forms.ofRules([...new Set(ids)].flatMap((id) => rules[id] ?? []));
    formsOfIds.set(key, form);
    return form;
  }
  const roots = new Map<string, 'query' | 'mutation' | 'subscription'>();
  for (const { name } of rootTypes(schema)) {
    const isQuery = name === schema.getQueryType()?.name;
    roots.set(name, isQuery ? 'query' : name === schema.getMutationType()?.name ? 'mutation' : 'subscription');
  }
  const composite = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !isIntrospectionType(type),
  );
  const typeForm = (type: string): NormalForm => formOfIds(elements.typeRules(type));
  const fields = new Map<string, ReadField>();
  const ways: Way[] = [];

  function readField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): ReadField {
    const coordinate = `${type.name}.${field.name}`;
    const own = elements.fieldRules(type.name, field.name);
    const returned = getNamedType(field.type);
    const calls = leastCalls(type.name, field, choices).map((call) => withForm(call, type.name, field));
    const form = forms.some(calls.map((call) => call.form));
    const ofType = roots.has(type.name) ? [] : elements.typeRules(type.name);
    const coordinates = new Set([...ofType, ...own].map((id) => rules[id]?.coordinate ?? ''));
    return {
      coordinate,
      type: type.name,
      name: field.name,
      returns: returned.name,
      form,
      effective: ofType.length === 0 ? form : forms.both(formOfIds(ofType), form),
      ruleCoordinates: [...coordinates].toSorted().join(' '),
      calls,
    };
  }

  function withForm(call: CallArguments, type: string, field: GraphQLField<unknown, unknown>): Call {
    const returned = getNamedType(field.type);
    const possible = isAbstractType(returned) ? schema.getPossibleTypes(returned).map(({ name }) => name) : [];
    const ofValue = possible.length === 0 ? always : someType(possible);
    const form = formOfIds([...elements.fieldRules(type, field.name), ...suppliedBy(call, type, field.name)]);
    return { ...call, form: forms.both(form, ofValue) };
  }

  function suppliedBy({ args }: CallArguments, type: string, field: string): RuleIds {
    try {
      return elements.inputRules(type, field)?.(args) ?? [];
    } catch (error) {
      if (!(error instanceof ClaimgateError)) throw error;
      throw new ToolFault({ file: source.name, line: null }, `${type}.${field}: its arguments: ${error.message}`);
    }
  }

  const knownTypes = new Map<string, NormalForm>();
  function someType(possible: readonly string[]): NormalForm {
    const key = [...new Set(possible.map((name) => elements.typeRules(name).join()))].join(';');
    let form = knownTypes.get(key);
    if (!form) {
      form = key === '' ? always : forms.some(possible.map(typeForm));
      knownTypes.set(key, isOpen(form) ? always : form);
    }
    return isOpen(form) ? always : form;
  }

  for (const type of composite) {
    if (isAbstractType(type)) {
      for (const { name } of schema.getPossibleTypes(type)) {
        ways.push({ from: type.name, to: name, field: null, form: typeForm(name) });
      }
    } else if (isObjectType(type)) {
      for (const one of Object.values(type.getFields())) {
        const field = readField(type, one);
        fields.set(field.coordinate, field);
        if (isCompositeType(getNamedType(one.type))) {
          ways.push({ from: type.name, to: field.returns, field, form: field.form });
        }
      }
    }
  }
  const waysFrom = Map.groupBy(ways, ({ from }) => from);
  let found: ReturnType<typeof reachOf> | null = null;
  return {
    source,
    forms,
    roots,
    fields,
    ways,
    waysFrom,
    typeForm,
    isRuled: (coordinate) => ruled.has(coordinate),
    callWith(type, name, given) {
      const found = schema.getType(type);
      const field = isObjectType(found) ? found.getFields()[name] : undefined;
      const call = field && callWith(field, given);
      return field && call?.isValid ? withForm(call, type, field) : null;
    },
    reach: (type) => (found ??= reachOf(roots.keys(), waysFrom))(type),
  };
}
