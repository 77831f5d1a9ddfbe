import './activity.css';
import { browserEnvironment, onWake } from '../session/browser.ts';
import { createCallers } from '../session/callers.ts';
import { readSettings } from '../settings.ts';
import { startActivity } from './page.ts';

const host = document.getElementById('app');
if (!host) throw new Error('The page has no element with the ID "app"');
const settings = readSettings(document);
const callers = createCallers(settings, browserEnvironment('activity'));
onWake(callers.wake);
startActivity(host, settings, callers);
