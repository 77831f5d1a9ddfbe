import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nearestHint } from '../../protocol/nearest.ts';
import { shown } from '../../protocol/shown.ts';
import { isSecureUrl } from '../../protocol/url.ts';
import { Misuse } from '../misuse.ts';
import { type Ask, isInteractive, withQuestions } from '../terminal/ask.ts';
import { type Manager, managers } from './files/manager.ts';
import { packageNames } from './packages.ts';
import { projectDependencies } from './files/manifest.ts';

/** The options of `claimgate init` that decide what is made. */
export interface InitOptions {
  readonly name?: string | undefined;
  readonly 'package-manager'?: string | undefined;
  readonly issuer?: string | undefined;
  readonly yes: boolean;
}

/** The checked answers of a person, or of the options. */
export interface InitSettings {
  readonly name: string;
  readonly manager: Manager;
  /** The foreign issuer; null: the embedded authorization server. */
  readonly issuer: string | null;
}

/** What `claimgate init` found in the folder. */
interface InitFolder {
  readonly path: string;
  /** The members of its `package.json`; null: it has none. */
  readonly present: Readonly<Record<string, unknown>> | null;
  /** Whether the folder has a server with Apollo Server. It keeps its name, and needs a foreign issuer. */
  readonly isApollo: boolean;
}

/**
 * Decides the settings of a project. On a terminal, asks for what no option says, unless `--yes` is given. Otherwise uses
 * the defaults.
 *
 * @throws Misuse for an option that is not allowed, before anything is asked
 */
export async function settingsOf(options: InitOptions, folder: InitFolder): Promise<InitSettings> {
  const { name, issuer } = options;
  const manager = options['package-manager'];
  const given = {
    name: name === undefined ? undefined : checkedName(name),
    manager: manager === undefined ? undefined : checkedManager(manager),
    issuer: issuer === undefined ? undefined : checkedIssuer(issuer),
  };
  const fallback = { name: defaultName(folder), manager: defaultManager(folder.path), issuer: null };
  if (options.yes || !isInteractive()) {
    return {
      name: given.name ?? fallback.name,
      manager: given.manager ?? fallback.manager,
      issuer: given.issuer ?? fallback.issuer,
    };
  }
  return withQuestions(async (ask) => ({
    name:
      given.name ??
      (folder.isApollo ? fallback.name : await answer(ask, 'Name of the project', fallback.name, checkedName)),
    manager:
      given.manager ??
      (await answer(ask, `Package manager: ${managers.join(' or ')}`, fallback.manager, checkedManager)),
    issuer:
      given.issuer ??
      (await (folder.isApollo
        ? answer(ask, 'URL of the issuer whose tokens the server accepts', null, checkedIssuer)
        : answer(
            ask,
            'URL of your issuer, or embedded for an authorization server in the project',
            embedded,
            issuerOf,
          ))),
  }));
}

/** The answer for the embedded authorization server. */
const embedded = 'embedded';

function issuerOf(given: string): string | null {
  return given === embedded ? null : checkedIssuer(given);
}

/** Asks until the answer is allowed. @param fallback - the answer if the person only presses Enter; null: there is none */
async function answer<T>(ask: Ask, question: string, fallback: string | null, check: (given: string) => T): Promise<T> {
  for (;;) {
    const given = await ask(fallback === null ? `${question}: ` : `${question} (${fallback}): `);
    try {
      return check(given === '' && fallback !== null ? fallback : given);
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      process.stderr.write(`  ${error.message.replace(/^--[a-z-]+ (?:: )?/, '')}\n`);
    }
  }
}

/** Names that a project cannot have, because it could not be installed: those of its dependencies. */
const takenNames: ReadonlySet<string> = new Set([...packageNames, ...projectDependencies]);

function defaultName({ path, present }: InitFolder): string {
  if (typeof present?.['name'] === 'string') return present['name'];
  const name = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100);
  return name === '' || name.startsWith('claimgate') || takenNames.has(name) ? `my-${name || 'api'}` : name;
}

function checkedName(given: string): string {
  if (!/^(?:@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9-][a-z0-9._-]*$/.test(given) || given.length > 214) {
    throw new Misuse(
      `--name ${shown(given)}: expected the name of a package: at most 214 small letters, digits, ., _ and -, such as orders`,
    );
  }
  if (!takenNames.has(given)) return given;
  throw new Misuse(`--name ${given}: expected another name, because the project depends on the package ${given}`);
}

function defaultManager(folder: string): Manager {
  return existsSync(join(folder, 'pnpm-lock.yaml')) ? 'pnpm' : 'npm';
}

function checkedManager(given: string): Manager {
  const found = managers.find((name) => name === given);
  if (found) return found;
  throw new Misuse(
    `--package-manager ${shown(given)}: expected one of ${managers.join(', ')}${nearestHint(given, managers)}`,
  );
}

function checkedIssuer(given: string): string {
  const url = URL.parse(given);
  // The text is written into files, so it may not have characters with a meaning there.
  if (url && isSecureUrl(url) && /^[\w:/.@~[\]%-]+$/.test(given)) return given;
  throw new Misuse(
    `--issuer ${shown(given)}: expected the https URL of an OpenID Connect issuer, or http on localhost, 127.0.0.1 or [::1]`,
  );
}
