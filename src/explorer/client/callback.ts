/**
 * The entry of `/explorer/callback`. The authorization server sends the sign-in window here. The script reads the answer
 * from its own address, removes it from the address at once, and gives it to the page that began the sign-in.
 *
 * The channel has the name of the `state`, which only that page knows. The code is useless without the code verifier,
 * which never leaves that page. The window has no opener.
 */
const { searchParams } = new URL(location.href);
history.replaceState(null, '', location.pathname);

const state = searchParams.get('state');
const says = document.getElementById('says');
if (state === null) {
  if (says) says.textContent = 'There is no answer of a sign-in in this address. You can close this window.';
} else {
  const channel = new BroadcastChannel(state);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel.postMessage(Object.fromEntries(searchParams));
  channel.close();
  if (says) says.textContent = 'You are signed in there. You can close this window.';
  window.close();
}
