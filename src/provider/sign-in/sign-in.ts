import { findProven, type ProvenAccount } from '../../identity/accounts/accounts.ts';
import { acrOf } from './factors.ts';
import { endpoints } from '../paths.ts';
import { factOf, recordingIn } from '../audit.ts';
import { deny, endBrowserSession, type Factor, signedInAccount, type SignInStep } from './step.ts';

/** How many factors a person has passed. The interaction stores it in a member that the library ignores. */
interface Progress {
  readonly accountId: string;
  /** The credential epoch of the account when it passed the first factor. */
  readonly credentialEpoch: number;
  readonly passed: number;
}

/** Shows the page of the next factor. */
export async function showSignIn(step: SignInStep): Promise<void> {
  const { factor, proven } = await nextFactor(step);
  await factor.show(step, proven);
}

/**
 * Handles the form of a factor.
 *
 * @param name the name of the factor. If it is not the next factor, the form is ignored, and the page of the next
 *   factor is shown
 */
export async function handleSignInForm(step: SignInStep, form: URLSearchParams, name: string): Promise<void> {
  const { options, request, response, interaction, path } = step;
  if (form.get('decision') === 'cancel') return deny(step, 'The sign-in was cancelled');
  const { factor, proven, passed } = await nextFactor(step);
  if (factor.name !== name) return factor.show(step, proven);
  const account = await factor.judge(step, form, proven);
  if (!account) return;
  if (proven && proven.id !== account.id) throw new Error('two factors proved different accounts');

  // The epoch of the first factor counts: if the password has changed since then, the sign-in starts again.
  const { credentialEpoch } = proven ?? account;
  if (passed + 1 < options.factors.length) {
    interaction.result = {
      progress: { accountId: account.id, credentialEpoch, passed: passed + 1 } satisfies Progress,
    };
    await interaction.save(interaction.exp - Math.floor(options.now() / 1_000));
    response.writeHead(303, { location: path, 'cache-control': 'no-store' }).end();
    return;
  }
  // Otherwise the library would ask whether to sign out the other account. Its page for this question runs a script.
  const signedIn = await signedInAccount(step);
  if (signedIn !== undefined && signedIn !== account.id) await endBrowserSession(step);
  const amr = options.factors.map((each) => each.amr);
  const result = { login: { accountId: account.id, credentialEpoch, amr, acr: acrOf(options.factors) } };
  const fact = factOf('sign_in', { accountId: account.id, clientId: step.application.id }, null);
  // The adapter writes the fact in the transaction that stores the result.
  await recordingIn(options)(fact, () =>
    options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false }),
  );
}

/**
 * Returns the next factor, and the account that passed the earlier factors. If the account was disabled or its password
 * was changed, the sign-in starts again with the first factor.
 */
async function nextFactor(
  step: SignInStep,
): Promise<{ readonly factor: Factor; readonly proven: ProvenAccount | null; readonly passed: number }> {
  const { factors, store } = step.options;
  const [first] = factors;
  if (!first) throw new Error('there is no factor to sign in with');
  const progress = step.interaction.result?.['progress'] as Progress | undefined; // Only `handleSignInForm` writes it.
  const factor = progress && factors[progress.passed];
  const proven = progress ? await findProven(store, progress.accountId, progress.credentialEpoch) : null;
  if (!factor || !proven) return { factor: first, proven: null, passed: 0 };
  return { factor, proven, passed: progress.passed };
}

/** Signs the account out and starts the same authorization request again. */
export async function switchAccount(step: SignInStep): Promise<void> {
  await endBrowserSession(step);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(step.interaction.params)) {
    for (const text of [value].flat()) if (typeof text === 'string') query.append(name, text);
  }
  const location = `${endpoints.authorization}?${query.toString()}`;
  step.response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}
