import { hasExplainFields } from '../api/names/explain-fields.ts';
import { ownNames } from '../api/names/own-names.ts';
import type { Config } from '../config.ts';

/** Returns the name of the field `schemaRules`. Undefined: the schema has none of this server. */
export function rulesFieldOf({ identityApi, modules }: Pick<Config, 'identityApi' | 'modules'>): string | undefined {
  if (!hasExplainFields(identityApi, modules)) return undefined;
  return ownNames(identityApi, { keepsNode: true, hasRecords: true }).field('schemaRules');
}
