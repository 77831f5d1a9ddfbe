import { explorerClientId, firstPartyClientId } from '../../identity/applications/first-party.ts';

/** The name of an application as a person reads it. */
export interface ShownName {
  /** The article in front of the name, with a space at its end. Empty if the name needs none. */
  readonly article: string;
  readonly name: string;
}

/** The applications that come with the server, by client ID. */
const own: ReadonlyMap<string, string> = new Map([
  [firstPartyClientId, 'command line'],
  [explorerClientId, 'explorer'],
]);

/**
 * Returns the name of an application for a page. The name of an application that comes with the server begins with the
 * name of the product.
 */
export function shownName(
  { id, name }: { readonly id: string; readonly name: string },
  { productName }: { readonly productName: string },
): ShownName {
  const part = own.get(id);
  return part === undefined ? { article: '', name } : { article: 'the ', name: `${productName} ${part}` };
}
