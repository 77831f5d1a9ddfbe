import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { ToolFault } from '../report/fault.ts';
import { shown } from '../../protocol/shown.ts';
import type { FileKinds, TextFile } from './files.ts';
import { decoded, maxBytes } from './text.ts';

const run = promisify(execFile);
const timeLimitMs = 30_000;
const maxFiles = 2_000;
const tooLarge = `has more than ${maxBytes} bytes; expected a smaller file or folder`;

/** Whether a text names files of a git revision: `git:REVISION:PATH`. */
export function isGitPath(text: string): boolean {
  return text.startsWith('git:');
}

/**
 * Reads a file or a folder of a git revision. The path is relative to the working directory. It changes nothing in the
 * repository.
 *
 * @param text - `git:REVISION:PATH`
 * @throws {ToolFault} if the text has another form, or git finds no such revision or file
 */
export async function readGitFiles(text: string, directory: string, kinds: FileKinds): Promise<readonly TextFile[]> {
  const [, revision = '', path = ''] = /^git:([^:\s-][^:\s]*):(.+)$/s.exec(text) ?? [];
  const place = { file: text, line: null };
  if (path === '') throw new ToolFault(place, 'expected git:REVISION:PATH, such as git:main:schema.graphql');
  const bytesOf = async (...args: readonly string[]): Promise<Buffer> => {
    try {
      const limits = { maxBuffer: maxBytes, timeout: timeLimitMs };
      const options = { cwd: directory, ...limits, env: quietEnvironment(), encoding: 'buffer' } as const;
      return (await run('git', [...args], options)).stdout;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        throw new ToolFault(place, tooLarge);
      throw new ToolFault(place, `expected a revision and a path that git knows; ${reasonOf(error)}`);
    }
  };
  const git = async (...args: readonly string[]): Promise<string> => (await bytesOf(...args)).toString('utf8');
  const commit = (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)).trim();
  const listed = (await git('ls-tree', '-r', '-z', '--name-only', commit, '--', path)).split('\0').filter(Boolean);
  const names = listed.filter((name) => listed.length === 1 || kinds.endings.includes(extname(name)));
  if (names.length === 0) throw new ToolFault(place, `expected ${kinds.expected}; this revision has no such file`);
  if (names.length > maxFiles) throw new ToolFault(place, `has more than ${maxFiles} files; expected a smaller folder`);
  const files: TextFile[] = [];
  let length = 0;
  for (const name of names) {
    const content = await bytesOf('cat-file', 'blob', `${commit}:./${name}`);
    length += content.length;
    if (length > maxBytes) throw new ToolFault(place, tooLarge);
    const file = `git:${revision}:${name}`;
    files.push({ name: file, text: decoded(content, file) });
  }
  return files;
}

/**
 * The environment of git: it asks for nothing and fetches no missing object. Git before 2.45 does not know
 * `GIT_NO_LAZY_FETCH`. With no allowed protocol, it starts no program that the configuration of the repository names.
 */
function quietEnvironment(): Record<string, string | undefined> {
  return {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'the program git was not found';
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return text === '' ? 'git found none' : shown(text.split('\n', 1)[0] ?? '');
}
