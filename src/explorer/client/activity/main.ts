import './activity.css';
import { browserEnvironment, onWake } from '../session/browser.ts';
import { createCallers } from '../session/callers.ts';
import { readSettings } from '../settings.ts';
import { startActivity } from './page.ts';

/** The scopes of this page are remembered apart from those of the explorer. No token is stored. */
const memoryKey = 'claimgate-activity:scopes';

const host = document.getElementById('app');
if (!host) throw new Error('The page has no element with the ID "app"');
const settings = readSettings(document);
const callers = createCallers(settings, {
  ...browserEnvironment(),
  memory: {
    read: () => localStorage.getItem(memoryKey),
    write: (text) => (text === null ? localStorage.removeItem(memoryKey) : localStorage.setItem(memoryKey, text)),
  },
});
onWake(callers.wake);
startActivity(host, settings, callers);
