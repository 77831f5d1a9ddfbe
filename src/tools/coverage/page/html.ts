import { createHash } from 'node:crypto';
import { wordsOfForm } from '../../../auth/algebra/words.ts';
import { labelOf } from '../../operations/operation.ts';
import { writePlace } from '../../report/fault.ts';
import { counted, oneLine } from '../../report/table.ts';
import type { BareFields, Coverage, FieldCoverage, TypeCoverage } from '../coverage.ts';
import { neededText } from '../operations-report.ts';
import { hasModules, originsOf, requiredBy } from '../words.ts';
import { pageData } from './data.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** The beginning of each page. A command overwrites only a file that begins with it. */
export const pageMark = '<!doctype html>\n<!-- claimgate coverage -->\n';

/**
 * Writes the coverage as one page. Its policy allows no request, so it works from a file. Without scripts, it shows the
 * table. The same schema gives the same page.
 */
export function coveragePage(coverage: Coverage): string {
  const { source, types, bare, counts } = coverage;
  const withModules = hasModules(source);
  const bareOf = new Map(bare.map((one) => [one.type, one]));
  const data = JSON.stringify(pageData(coverage)).replaceAll('<', String.raw`\u003c`);
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  const number = (count: number) => count.toLocaleString('en-US');
  const sum = `${counted(counts.types, 'type')} with ${counted(counts.fields, 'field')}: ${number(counts.guarded)} guarded, ${number(counts.public)} public on purpose, ${number(counts.bare)} bare.`;
  // The root types are first, because a reader begins there.
  const { roots } = coverage.graph;
  const inOrder = [...roots.flatMap((at) => types[at] ?? []), ...types.filter(({ number }) => !roots.includes(number))];
  return `${pageMark}<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>Coverage of ${text(source.name)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>Coverage of ${text(source.name)}</h1><p>${sum}</p>${startFault(coverage)}</header>
${tools(coverage)}
<main>
${operationTable(coverage)}<h2>Types and fields</h2>
${inOrder.map((type) => section(type, bareOf.get(type.name), withModules)).join('\n')}
</main>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

function text(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return oneLine(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Writes words of rules: names in backticks become code. */
function words(value: string): string {
  return text(value).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function startFault({ source: { startFaults } }: Coverage): string {
  const [first] = startFaults;
  if (first === undefined) return '';
  const more = startFaults.length > 1 ? ` (and ${startFaults.length - 1} more)` : '';
  return `<p>Claimgate would not start with this schema: ${text(first)}${more}</p>`;
}

function tools(coverage: Coverage): string {
  const { scopes } = pageData(coverage);
  const boxes = scopes.map((scope) => `<label><input type="checkbox"> <span>${text(scope)}</span></label>`).join('');
  return `<div class="tools" id="tools" hidden>
<section class="panel" aria-label="Caller and search">
<div id="choices"><fieldset><legend>The caller</legend>
<div class="row"><label><input type="checkbox" id="token"> has a token</label></div></fieldset>
<fieldset id="scopes"><legend>Scopes of the token</legend><div class="choices" tabindex="0" role="group" aria-label="Scopes">${boxes || '<span class="quiet">No rule names a scope.</span>'}</div></fieldset></div>
<div class="row"><button type="button" id="all">All</button><button type="button" id="none">None</button></div>
<p id="sum" role="status"></p>
<label for="search"><strong>Search</strong></label>
<input type="search" id="search" placeholder="A type, a field or a scope" autocomplete="off" spellcheck="false">
<div class="row"><label><input type="checkbox" id="bare"> with bare fields</label> <span id="count" class="quiet" role="status"></span></div>
<ul class="legend">
<li><b class="yes"></b> every field is read</li>
<li><b class="part"></b> a part is read, or it depends</li>
<li><b class="no"></b> nothing is read</li>
</ul>
</section>
<div><div class="panel picture">
<canvas id="picture" tabindex="0" role="application" aria-label="Picture of the schema. The arrow keys select a type, Enter shows its fields, plus and minus zoom, 0 shows everything. The table below has the same content." aria-describedby="said"></canvas>
<div class="row"><button type="button" id="out" aria-label="Smaller">−</button><button type="button" id="in" aria-label="Larger">+</button><button type="button" id="fit">Everything</button></div>
</div><p id="said" role="status">Select a type: its ways are coloured by what opens them. Rounded boxes are interfaces and unions.</p><span id="probe" hidden></span></div>
</div>`;
}

function section(type: TypeCoverage, bare: BareFields | undefined, withModules: boolean): string {
  const states = Map.groupBy(type.fields, ({ state }) => state);
  const parts = (['guarded', 'public', 'bare'] as const).flatMap((state) => {
    const count = states.get(state)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const summary = `<summary><code>${text(type.name)}</code><span class="quiet">${type.kind === 'type' ? '' : `${type.kind} · `}${parts.join(', ')}</span></summary>`;
  const open = `<details id="t${type.number}" data-type="${type.number}"${bare ? ' data-bare="1"' : ''}>${summary}`;
  const rows = type.fields.map((field) => row(field, withModules)).join('');
  const table =
    rows === ''
      ? ''
      : `<div class="scroll"><table><thead><tr><th scope="col">field</th><th scope="col">is</th><th scope="col">caller</th><th scope="col">requires</th><th scope="col">from</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  const own = type.rules.length === 0 ? '' : `<p class="inside">The type requires ${words(requiredBy(type))}.</p>`;
  return `${open}${own}${table}${pathsOf(bare)}</details>`;
}

function row(field: FieldCoverage, withModules: boolean): string {
  const ofArguments = field.argumentRules.map(({ coordinate }) => coordinate.replace(/^.*\(/, '(')).join(', ');
  const note = ofArguments === '' ? '' : ` <span class="quiet">rules on ${text(ofArguments)}</span>`;
  return `<tr><td><code>${text(field.name)}</code> <span class="quiet">${text(field.returns)}</span>${note}</td><td class="state ${field.state}">${field.state}</td><td class="reached"></td><td>${words(requiredBy(field))}</td><td>${text(originsOf(field, withModules))}</td></tr>`;
}

function operationTable({ operations }: Coverage): string {
  if (!operations) return '';
  const rows = operations.map((one) => {
    const { operation } = one.needs;
    const name = `<code>${text(labelOf(operation))}</code> <span class="quiet">${text(writePlace(operation.place))}</span>`;
    return `<tr><td>${name}</td><td class="reached runs"></td><td>${text(neededText(one))}</td></tr>`;
  });
  return `<section id="operations"><h2>Operations</h2><div class="scroll" tabindex="0" role="group" aria-label="Operations"><table><thead><tr><th scope="col">operation</th><th scope="col">caller</th><th scope="col">least scopes</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>\n`;
}

function pathsOf(bare: BareFields | undefined): string {
  if (!bare || bare.paths.length === 0) return '';
  const items = bare.paths.map(
    (path) =>
      `<li><code>${path.fields.map(text).join('</code> → <code>')}</code> requires ${words(wordsOfForm(path.form))}</li>`,
  );
  return `<p class="inside">Its bare fields are reached through:</p><ul class="inside">${items.join('')}</ul>`;
}
