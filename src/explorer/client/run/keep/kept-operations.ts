import { looksLikeCredential } from './credentials.ts';
import { keptDocument } from './kept-document.ts';
import { keptVariables, type Secrecy } from './kept-variables.ts';
import { isObject, own } from '../answers/path.ts';

/** How many tabs and how many operations of the history are kept. */
const maxOperations = 50;
/** How many characters of one document are kept. */
const maxDocumentLength = 100_000;
/** How many characters of the variables of one operation are kept. */
const maxVariablesLength = 50_000;

/**
 * Rewrites the tabs or the history of GraphiQL for the storage of the browser. The result has no headers, no answers and
 * no secret variables, and no document that contains something that looks like a credential.
 *
 * @param text - the JSON that GraphiQL stores
 * @returns null if the text is not what GraphiQL stores
 */
export function withoutSecrets(text: string, secrecy: Secrecy): string | null {
  const value = parseJson(text);
  if (!isObject(value)) return null;
  const list = listOf(value);
  if (!list) return null;
  const kept = list.items
    .filter(isObject)
    .slice(-maxOperations)
    .map((item) => keptOperation(item, secrecy));
  if (list.name !== 'tabs') return JSON.stringify({ [list.name]: kept.filter(({ query }) => query !== null) });
  const dropped = list.items.length - kept.length;
  const active = own(value, 'activeTabIndex');
  const activeTabIndex = Math.max(0, (typeof active === 'number' ? active : 0) - dropped);
  return JSON.stringify({ tabs: kept, activeTabIndex: Math.min(activeTabIndex, Math.max(0, kept.length - 1)) });
}

/** Returns a member of the active tab of stored tabs. */
export function ofActiveTab(text: string, name: 'query' | 'variables'): string | null {
  const value = parseJson(text);
  const tabs = own(value, 'tabs');
  const active = own(value, 'activeTabIndex');
  const content = Array.isArray(tabs) ? own(tabs[Number(active)], name) : null;
  return typeof content === 'string' ? content : null;
}

function listOf(
  value: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly items: readonly unknown[] } | null {
  for (const name of ['tabs', 'queries', 'favorites']) {
    const items = own(value, name);
    if (Array.isArray(items)) return { name, items };
  }
  return null;
}

function keptOperation(item: Readonly<Record<string, unknown>>, secrecy: Secrecy) {
  const text = keptText(own(item, 'query'), maxDocumentLength);
  const query = text === null ? null : keptDocument(text, secrecy).document;
  const variables = query === null ? null : keptText(own(item, 'variables'), maxVariablesLength);
  return {
    ...keptTexts(item, ['id', 'title', 'label']),
    ...(own(item, 'favorite') === true && { favorite: true }),
    query,
    operationName: keptText(own(item, 'operationName'), 1_000),
    variables: variables === null || query === null ? null : keptVariablesText(query, variables, secrecy),
    headers: null,
    response: null,
    hash: null,
  };
}

/** Returns the variables as JSON without the secret ones. Text that is not JSON cannot be judged, so it is not kept. */
function keptVariablesText(query: string, text: string, secrecy: Secrecy): string | null {
  const values = parseJson(text, secrecy.parse);
  if (!isObject(values)) return null;
  const { variables, omitted } = keptVariables(query, values, secrecy);
  // The text itself may have comments, which are not judged.
  if (omitted.length === 0 && isObject(parseJson(text))) return text;
  return Object.keys(variables).length === 0 ? null : JSON.stringify(variables, null, 2);
}

function keptTexts(
  item: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = keptText(own(item, name), 1_000);
      return text === null ? [] : [[name, text]];
    }),
  );
}

function keptText(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value.length <= maxLength && !looksLikeCredential(value) ? value : null;
}

function parseJson(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
