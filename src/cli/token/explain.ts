import { parseArgs, styleText } from 'node:util';
import { readServerConfig } from '../../server/configuration.ts';
import { isRecord } from '../../protocol/record.ts';
import { type Explanation, type Finding, inspectToken } from '../../server.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { printable } from '../print.ts';

/** The largest input, in characters. Every valid token is shorter. */
const maxInputLength = 65_536;

/**
 * Reports whether the server would accept the token on standard input. If not, reports the reason.
 *
 * @returns the exit code
 */
export async function explainToken(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { dpop: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (positionals.length > 0) {
    const hint = nearestHint(positionals[0] ?? '', ['create']);
    return misuse(`expected the token on standard input: an argument stays in the history of the shell${hint}`);
  }
  const { config, faults } = await readServerConfig(process.env, process.cwd());
  if (faults.length > 0) return misuse(faults.join('\n  '));
  const input = (await readInput()).trim();
  if (input === '') return misuse('expected a token on standard input');
  try {
    const explanation = await inspectToken(config, input, { scheme: values.dpop ? 'DPoP' : 'Bearer' });
    process.stdout.write(report(explanation));
    return explanation.principal ? 0 : 1;
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
}

function misuse(message: string): number {
  process.stderr.write(`claimgate token: ${message}\n`);
  return 2;
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste the access token, then press Enter and Ctrl-D.\n');
  let input = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    input += chunk;
    if (input.length > maxInputLength) break;
  }
  return input;
}

/** How each outcome is printed. A terminal shows the colours. */
const outcomes: Readonly<
  Record<Finding['outcome'], { readonly mark: string; readonly colour: 'green' | 'red' | 'yellow' | 'dim' }>
> = {
  passes: { mark: 'passes', colour: 'green' },
  fails: { mark: 'fails', colour: 'red' },
  unknown: { mark: 'unknown', colour: 'yellow' },
  skipped: { mark: 'not asked', colour: 'dim' },
};

function report({ findings, principal }: Explanation): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap((finding) => {
    const { mark, colour } = outcomes[finding.outcome];
    const line = `  ${finding.name.padEnd(width)}  ${styleText(colour, mark.padEnd(9))}  ${styleText('dim', finding.section)}`;
    return 'reason' in finding ? [line, `  ${' '.repeat(width)}  ${finding.reason}`] : [line];
  });
  return [...lines, '', ...verdict(principal), ''].join('\n');
}

function verdict(principal: Explanation['principal']): string[] {
  if (!principal) return [styleText('red', 'Refused.')];
  const { kind, issuer, subject, clientId, scopes, expiresAt } = principal;
  const facts = {
    principal: kind === 'account' ? `the account ${subject}` : `the application ${subject} alone`,
    application: clientId ?? 'none is named',
    issuer,
    scopes: [...scopes].join(' ') || 'none',
    expires: new Date(expiresAt * 1_000).toISOString(),
    ...leftOut(principal.claims),
  };
  return [
    styleText('green', 'Accepted.'),
    ...Object.entries(facts).map(([name, value]) => `  ${name.padEnd(11)}  ${printable(value)}`),
  ];
}

/**
 * Lists the claims that a token names but does not hold (OpenID Connect Core §5.6.2). For example, Entra leaves out all
 * groups of a person with more than 200 groups. The person then gets no scopes from groups. Without this list, the
 * operator would look for the fault in the table of roles.
 */
function leftOut(claims: Readonly<Record<string, unknown>>): { readonly 'left out'?: string } {
  const elsewhere = isRecord(claims['_claim_names']) ? Object.keys(claims['_claim_names']).slice(0, 10) : [];
  const hasGroups = claims['hasgroups'] === true || claims['hasgroups'] === 'true';
  const names = new Set([...elsewhere, ...(hasGroups ? ['groups'] : [])]);
  if (names.size === 0) return {};
  const advice =
    'not in the token and never fetched, so it gives no scope; have the issuer send app roles or fewer groups';
  return { 'left out': `${[...names].join(' ')}: ${advice}` };
}
