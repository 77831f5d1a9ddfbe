import { wordsOfRule } from '../../auth/rules/words.ts';
import type { Coverage, FieldCoverage } from './coverage.ts';
import type { CallerScopes } from './reach.ts';

/** Names a caller at the beginning of a sentence. */
export function callerText(caller: CallerScopes): string {
  if (caller === null) return 'A caller without a token';
  return caller.size === 0
    ? 'A caller with a token without scopes'
    : `A caller with the scopes ${[...caller].join(' ')}`;
}

/** Whether the rules are of several modules or files. */
export function hasModules({ rules }: Coverage['source']): boolean {
  return new Set(rules.map(({ module }) => module)).size > 1;
}

/** Writes what reading a field requires. */
export function requiredBy({ rules }: Pick<FieldCoverage, 'rules'>): string {
  return [...new Set(rules.map(({ rule }) => wordsOfRule(rule)))].join('; and ');
}

/**
 * Writes where the rules of a field come from.
 *
 * @param withModules - whether to name the module or the file of each rule
 */
export function originsOf({ rules }: Pick<FieldCoverage, 'rules'>, withModules: boolean): string {
  const texts = rules.map(({ rule, from }) => {
    const module = rule.module === '' || !withModules ? '' : ` (${rule.module})`;
    return from === 'own' ? `own${module}` : `${from} ${rule.coordinate}${module}`;
  });
  return [...new Set(texts)].join(', ');
}
