import './sandbox.css';
import { readSettings, type SandboxSettings } from '../settings.ts';
import { showSandbox } from './page.ts';

/** The entry of the page of Apollo Sandbox, which a browser gets at the API endpoint. */
const app = document.getElementById('app');
// Nothing of the address is used. It might contain what the frame must not learn.
if (location.search !== '' || location.hash !== '') history.replaceState(null, '', location.pathname);
if (app) showSandbox(app, readSettings(document) as SandboxSettings);
