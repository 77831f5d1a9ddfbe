import { parseArgs } from 'node:util';
import { tryAsNewUser } from './as-new-user.ts';

// Prints each command of a new user with its time. Fails if the commands up to a passing test take two minutes or more.
//
//   node test/flows/project/new-user.ts                                  npm, with the Node.js of the system
//   node test/flows/project/new-user.ts --manager pnpm --node 22.18.0    pnpm, with another Node.js

const { values } = parseArgs({ options: { manager: { type: 'string' }, node: { type: 'string' } } });
const { manager = 'npm', node } = values;
if (manager !== 'npm' && manager !== 'pnpm') throw new Error(`--manager ${manager}: expected npm or pnpm`);
const seconds = await tryAsNewUser({ manager, ...(node !== undefined && { node }) }, (line) => {
  process.stdout.write(`${line}\n`);
});
if (seconds >= 120) throw new Error(`the commands took ${seconds.toFixed(0)} s; expected less than 120 s`);
