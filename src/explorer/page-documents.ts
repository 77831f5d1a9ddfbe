import { activityDocument, addedDocument, eventsDocument } from './documents/activity.ts';
import { callerDocument } from './documents/caller.ts';
import { explainDocument } from './documents/explain.ts';
import { identityNames } from './documents/identity-names.ts';

/**
 * Returns the exact texts of the documents that the pages send, except introspection, `schemaRules` and the token
 * mutations. A document that a person writes is not one of them.
 *
 * @param prefix - the prefix of the names of the identity API. It may be empty
 */
export function pageDocuments(prefix: string): readonly string[] {
  const names = identityNames(prefix);
  const ofActivity = [activityDocument, eventsDocument, addedDocument].flatMap((document) =>
    [true, false].map((withAccounts) => document(names, withAccounts)),
  );
  return [callerDocument(names), explainDocument(names.field('explainOperation')), ...ofActivity];
}
