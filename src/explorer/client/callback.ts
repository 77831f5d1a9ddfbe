import { channelName, messageOfResponse, responseOfQuery } from './session/sign-in/response.ts';

/**
 * The entry of `/explorer/callback`. The authorization server sends the sign-in window here. The script reads the answer
 * from its own address, removes it from the address at once, and gives it to the page that began the sign-in.
 *
 * The channel has the name of the `state`, which only that page knows. The code is useless without the code verifier,
 * which never leaves that page. The window has no opener.
 */
const response = responseOfQuery(location.search);
history.replaceState(null, '', location.pathname);

/** How long the page that began the sign-in has to reply, in milliseconds. */
const replyMs = 3_000;

function say(text: string): void {
  const says = document.getElementById('says');
  if (says) says.textContent = text;
}

if (response === null) {
  say('There is no answer of a sign-in in this address. You can close this window.');
} else {
  const channel = new BroadcastChannel(channelName(response.state));
  const timer = setTimeout(() => {
    say('The page that began this sign-in is no longer open. Close this window, and sign in again in the explorer.');
  }, replyMs);
  channel.addEventListener('message', () => {
    clearTimeout(timer);
    channel.close();
    say('The explorer has the answer. You can close this window.');
    window.close();
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel.postMessage(messageOfResponse(response));
}
