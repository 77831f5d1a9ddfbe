import type { Caller, Callers } from '../session/caller.ts';
import { messageOf, textOfOthers } from '../session/text.ts';
import type { Settings } from '../settings.ts';
import type { Notice } from './view/sign-in-card.ts';

/** The scope that the page needs. */
const auditScope = 'audit';
/** The scopes of a sign-in. With `profile`, the page can say who is signed in. */
const usualScopes = ['profile', auditScope];
/** The scope that shows accounts. */
export const accountsScope = 'accounts';

/** Whether the page can show the activity: the caller, or what is missing. */
export type Access =
  | { readonly is: 'open'; readonly caller: Caller }
  | { readonly is: 'closed'; readonly notice: Notice };

export interface AccessOptions {
  readonly settings: Settings;
  readonly callers: Callers;
  /** Called when the access may have changed. */
  readonly onChange: () => void;
}

/** The sign-in of the page. */
export interface AccessControl {
  readonly now: () => Access;
  /** Signs in again with one more scope. */
  readonly add: (scope: string) => void;
  readonly signOut: () => void;
  /** Reports that the API refused the caller. */
  readonly refused: (message: string) => void;
}

/** Decides what the page shows. @param begun resolves when the silent sign-in is over */
export function createAccess({ settings, callers, onChange }: AccessOptions, begun: Promise<unknown>): AccessControl {
  let isBeginning = true;
  let failure: string | null = null;
  void begun.finally(() => {
    isBeginning = false;
    onChange();
  });
  callers.subscribe(onChange);

  const present = (): Caller | undefined => callers.list().findLast(({ kind }) => kind !== 'anonymous');

  async function signIn(as: 'same' | 'new-person', scopes: readonly string[] = usualScopes): Promise<void> {
    failure = null;
    const earlier = present();
    onChange();
    try {
      const caller = await callers.signIn({ scopes, as, ...(earlier && { replaces: earlier.id }) });
      for (const other of callers.list()) {
        if (other.kind !== 'anonymous' && other.id !== caller.id) callers.remove(other.id);
      }
    } catch (error) {
      failure = messageOf(error);
    }
    onChange();
  }
  const asSame = { label: 'Sign in', run: () => void signIn('same') };
  const asOther = { label: 'Sign in as another person', run: () => void signIn('new-person') };

  function closed(title: string, texts: readonly (string | null)[], actions: Notice['actions'] = []): Access {
    const shown = texts.filter((text) => text !== null);
    return { is: 'closed', notice: { title, texts: shown, actions } };
  }

  return {
    now() {
      if (!settings.audit) {
        return closed('This server shows no audit trail', [
          'The API has no audit trail if its authorization server is not embedded, or if the identity API is left out (identityApi: false). The events are in the database all the same.',
        ]);
      }
      if (!settings.signIn) return closed('The page cannot sign in', [settings.signInFault]);
      const pending = callers.pending();
      if (pending) {
        return {
          is: 'closed',
          notice: {
            title: 'Continue in the other window',
            texts: ['Sign in and allow the access there. This page waits.'],
            actions: [{ label: 'Cancel the sign-in', run: callers.cancel }],
            link: { label: 'No window opened? Open the sign-in in a new tab', url: pending.url },
          },
        };
      }
      if (isBeginning) return closed('Activity', ['The page checks whether you are signed in.']);
      const caller = present();
      if (!caller) {
        return closed(
          'Sign in to see the activity',
          [
            failure,
            'The page shows the audit trail: denials with their reasons, sign-ins and tokens. It needs the scope audit, which only a person with the role administrator can grant.',
          ],
          [asSame],
        );
      }
      if (caller.state === 'ended') {
        return closed('You are signed out', [failure, caller.reason && textOfOthers(caller.reason)], [asSame]);
      }
      if (!caller.scopes.includes(auditScope)) {
        return closed(
          'The scope audit is missing',
          [
            failure,
            `${textOfOthers(caller.label)} is signed in without the scope audit. Either it was not allowed on the consent page, or the account does not have the role administrator.`,
            'An operator can set the roles of an account: claimgate account roles EMAIL administrator. An administrator can do so by the mutation setAccountRoles. Both replace all roles of the account. Then sign in again.',
          ],
          [{ ...asSame, label: 'Sign in again' }, asOther],
        );
      }
      if (failure !== null)
        return closed('The server refused this page', [failure], [{ ...asSame, label: 'Sign in again' }, asOther]);
      return { is: 'open', caller };
    },
    add(scope) {
      void signIn('same', [...usualScopes, scope]);
    },
    signOut() {
      const caller = present();
      if (!caller) return;
      void callers.signOut(caller.id).catch((error: unknown) => {
        failure = messageOf(error);
        onChange();
      });
    },
    refused(message) {
      failure = message;
      onChange();
    },
  };
}
