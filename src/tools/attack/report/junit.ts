import type { AttackReport, WayIn } from './findings.ts';
import { sentenceOf } from './sarif.ts';

/** Writes what an attack found as JUnit XML: one test for each element with a rule. An element that was not tried is skipped. */
export function attackJunit({ schema, counts, waysIn, notTried, tried }: AttackReport): string {
  const found = new Map<string, WayIn[]>();
  for (const one of waysIn) {
    // A rule can be on another element, for example on the field of an interface.
    for (const name of new Set([one.coordinate, ...one.elements])) {
      const list = found.get(name);
      if (list) list.push(one);
      else found.set(name, [one]);
    }
  }
  const reasons = new Map(notTried.map(({ coordinate, reason }) => [coordinate, reason]));
  const names = [...new Set([...tried, ...reasons.keys(), ...found.keys()])];
  const skipped = names.filter((name) => !found.has(name) && reasons.has(name)).length;
  const head = `tests="${names.length}" failures="${found.size}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="claimgate attack" ${head}>`,
    `  <testsuite name="${escaped(schema)}" ${head}>`,
    `    <properties><property name="operations" value="${counts.operations}"/></properties>`,
    ...names.map((name) => testCase(name, found.get(name) ?? [], reasons.get(name))),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(name: string, waysIn: readonly WayIn[], reason: string | undefined): string {
  const open = `    <testcase classname="claimgate.attack" name="${escaped(name)}"`;
  const [first] = waysIn;
  if (first) {
    const text = waysIn.map((one) => `${sentenceOf(one)}\n${one.operation}\n${one.variables}`).join('\n\n');
    return `${open}><failure message="${escaped(sentenceOf(first))}">${escaped(text)}</failure></testcase>`;
  }
  return reason === undefined ? `${open}/>` : `${open}><skipped message="${escaped(reason)}"/></testcase>`;
}

/** Escapes a text for XML 1.0. Control characters that XML cannot hold are replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{C}\n\t]/gu, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
