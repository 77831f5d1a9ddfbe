import { findProven, type ProvenAccount } from '../../identity/accounts/accounts.ts';
import { contextOf } from './factors.ts';
import { endpoints } from '../provider.ts';
import { factOf, recordingIn } from '../audit.ts';
import { deny, endSession, type Factor, signedInAccount, type Step } from './step.ts';

/** How far somebody has come: kept in the interaction, where the library takes it for no sign-in. */
interface Progress {
  readonly accountId: string;
  /** Of the account, when it passed the first of them. */
  readonly credentialEpoch: number;
  /** How many of the factors were passed. */
  readonly passed: number;
}

/** Shows the page of the next factor. */
export async function showSignIn(step: Step): Promise<void> {
  const { factor, proven } = await pending(step);
  await factor.show(step, proven);
}

/** Takes the form of one factor. @param name of the factor that it is for: one that is not next is not looked at */
export async function signIn(step: Step, form: URLSearchParams, name: string): Promise<void> {
  const { options, request, response, interaction, path } = step;
  if (form.get('decision') === 'cancel') return deny(step, 'The sign-in was cancelled');
  const { factor, proven, passed } = await pending(step);
  if (factor.name !== name) return factor.show(step, proven);
  const account = await factor.judge(step, form, proven);
  if (!account) return;
  if (proven && proven.id !== account.id) throw new Error('two factors proved different accounts');

  // Whatever changed since the first factor was passed counts against all of them.
  const { credentialEpoch } = proven ?? account;
  if (passed + 1 < options.factors.length) {
    interaction.result = {
      progress: { accountId: account.id, credentialEpoch, passed: passed + 1 } satisfies Progress,
    };
    await interaction.save(interaction.exp - Math.floor(options.now() / 1_000));
    response.writeHead(303, { location: path, 'cache-control': 'no-store' }).end();
    return;
  }
  // The library would ask whether to sign the other account out on a page of its own, with a script.
  const present = await signedInAccount(step);
  if (present !== undefined && present !== account.id) await endSession(step);
  const amr = options.factors.map((each) => each.amr);
  const result = { login: { accountId: account.id, credentialEpoch, amr, acr: contextOf(options.factors) } };
  const fact = factOf('sign_in', { accountId: account.id, clientId: step.application.id }, null);
  // The adapter writes the fact with the result of the sign-in, which begins one session.
  await recordingIn(options)(fact, () =>
    options.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false }),
  );
}

/** The factor that is next, and who passed those before it. An account that does not stand any more begins anew. */
async function pending(
  step: Step,
): Promise<{ readonly factor: Factor; readonly proven: ProvenAccount | null; readonly passed: number }> {
  const { factors, store } = step.options;
  const [first] = factors;
  if (!first) throw new Error('there is no factor to sign in with');
  const progress = step.interaction.result?.['progress'] as Progress | undefined; // written above alone
  const factor = progress && factors[progress.passed];
  const proven = progress ? await findProven(store, progress.accountId, progress.credentialEpoch) : null;
  if (!factor || !proven) return { factor: first, proven: null, passed: 0 };
  return { factor, proven, passed: progress.passed };
}

/** Signs the account out, and asks the same again of whoever signs in next. */
export async function switchAccount(step: Step): Promise<void> {
  await endSession(step);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(step.interaction.params)) {
    for (const one of [value].flat()) if (typeof one === 'string') query.append(name, one);
  }
  const location = `${endpoints.authorization}?${query.toString()}`;
  step.response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}
