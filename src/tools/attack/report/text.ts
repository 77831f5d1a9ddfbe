import type { Paint } from '../../report/paint.ts';
import { counted, oneLine } from '../../report/table.ts';
import type { AttackReport, NotTried, WayIn } from './findings.ts';

/** Writes what an attack found, for people. */
export function attackText({ waysIn, notTried, counts, seed, transports }: AttackReport, paint: Paint): string {
  const lines = [...waysIn.flatMap((one) => wayText(one, paint)), ...notTriedText(notTried, paint)];
  const verdict =
    waysIn.length === 0 ? paint('green', 'No way in was found.') : paint('red', `${counted(waysIn.length, 'way')} in.`);
  lines.push(
    `${verdict} Tried ${counts.tried} of ${counted(counts.elements, 'element')} with a rule, with ${counted(counts.operations, 'operation')} of ${counted(counts.callers, 'caller')} (seed ${seed}).`,
  );
  if (counts.furtherPlaces > 0) {
    lines.push(
      `${counted(counts.furtherPlaces, 'further place')} of these elements ${counts.furtherPlaces === 1 ? 'was' : 'were'} not tried.`,
    );
  }
  if (counts.tried > 0) {
    for (const { name, operations } of transports.filter(({ reached }) => reached === 0)) {
      lines.push(`No caller reached an element ${name}, so its ${counted(operations, 'operation')} show nothing.`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function wayText(one: WayIn, paint: Paint): readonly string[] {
  const what = one.by === 'value' ? `a value at ${one.at}` : `the resolver of ${one.at} ran`;
  return [
    `${paint('red', paint('bold', oneLine(one.coordinate)))}  ${oneLine(what)}`,
    `  requires   ${oneLine(one.requires)}${ruledBy(one)}`,
    `  caller     ${oneLine(one.persona)}: ${one.claims === null ? 'no token' : oneLine(JSON.stringify(one.claims))}`,
    `  way        ${oneLine(one.way)}, ${oneLine(one.transport)}${one.times > 1 ? ` (${one.times} operations)` : ''}`,
    ...one.operation.split('\n').map((line, at) => `  ${at === 0 ? 'operation ' : '          '} ${oneLine(line)}`),
    ...(one.variables === '{}' ? [] : [`  variables  ${oneLine(one.variables)}`]),
    '',
  ];
}

/** Names the elements that carry the rule, if it is not the element itself. */
function ruledBy({ coordinate, elements }: WayIn): string {
  const others = elements.filter((one) => one !== coordinate);
  return others.length === 0 ? '' : ` (the rule of ${oneLine(others.join(', '))})`;
}

function notTriedText(notTried: readonly NotTried[], paint: Paint): readonly string[] {
  if (notTried.length === 0) return [];
  const groups = Map.groupBy(notTried, ({ reason }) => reason);
  return [
    paint('bold', `Not tried: ${counted(notTried.length, 'element')}`),
    ...[...groups].flatMap(([reason, some]) => [
      `  ${oneLine(reason)}:`,
      ...some.map(({ coordinate }) => `    ${oneLine(coordinate)}`),
    ]),
    '',
  ];
}
