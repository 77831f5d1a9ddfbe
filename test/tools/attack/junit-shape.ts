/** An element of a JUnit report: its attributes, those that it must have, and its children. */
interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
}

/** The part of the schema of JUnit reports (the XSD of Jenkins, junit-10) that the report may use. */
const shapes: Readonly<Record<string, Shape>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors', 'skipped'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests'],
    optional: ['failures', 'errors', 'time', 'disabled', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['name'],
    optional: ['classname', 'time', 'assertions', 'status'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { required: [], optional: ['message', 'type'], children: [] },
  skipped: { required: [], optional: ['message'], children: [] },
};

const tag = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/y;

/** Lists what a text has against XML and the shape of a JUnit report. */
export function faultsOfJunit(xml: string): readonly string[] {
  const faults: string[] = [];
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!xml.startsWith(head)) return ['expected the declaration of XML'];
  const open: string[] = [];
  for (let at = head.length; at < xml.length; ) {
    const next = xml.indexOf('<', at);
    const text = xml.slice(at, next === -1 ? xml.length : next);
    if (/&(?!(?:amp|lt|gt|quot|apos);)|\]\]>/.test(text)) faults.push(`a text that is not escaped: ${text}`);
    if (open.length === 0 && text.trim() !== '') faults.push(`a text outside of the report: ${text}`);
    if (next === -1) break;
    tag.lastIndex = next;
    const found = tag.exec(xml);
    if (!found) return [...faults, `no tag at ${xml.slice(next, next + 40)}`];
    at = tag.lastIndex;
    const [, end = '', name = '', attributes = '', empty = ''] = found;
    if (end !== '') {
      if (open.pop() !== name) faults.push(`</${name}> ends another element`);
      continue;
    }
    faults.push(...faultsOfElement(name, attributes, open.at(-1)));
    if (empty === '') open.push(name);
  }
  return open.length === 0 ? faults : [...faults, `no end of ${open.join(', ')}`];
}

function faultsOfElement(name: string, attributes: string, parent: string | undefined): readonly string[] {
  const shape = shapes[name];
  if (!shape) return [`expected no element ${name}`];
  const allowed = parent === undefined ? ['testsuites'] : (shapes[parent]?.children ?? []);
  const names = [...attributes.matchAll(/([\w-]+)="/g)].map(([, attribute = '']) => attribute);
  return [
    ...(allowed.includes(name) ? [] : [`expected no ${name} in ${parent}`]),
    ...(new Set(names).size === names.length ? [] : [`an attribute of ${name} two times`]),
    ...shape.required.filter((one) => !names.includes(one)).map((one) => `expected ${one} of ${name}`),
    ...names
      .filter((one) => !shape.required.includes(one) && !shape.optional.includes(one))
      .map((one) => `expected no ${one} of ${name}`),
    ...(/&(?!(?:amp|lt|gt|quot|apos);)/.test(attributes) ? [`an attribute of ${name} that is not escaped`] : []),
  ];
}
