type Child = Node | string | null;

/** Attributes and listeners of an element. A key that begins with `on` is a listener. `false` leaves it out. */
type Properties = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>;

/**
 * Creates an element. Texts become text nodes and values of attributes. Nothing is parsed as HTML, because texts of
 * other parties are on this page.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  set(made, properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Creates an element of SVG. */
export function svg(name: string, properties: Properties, ...children: readonly Node[]): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  set(made, properties);
  made.append(...children);
  return made;
}

function set(made: Element, properties: Properties): void {
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
}

/** Replaces the text of an element, if it differs. A screen reader announces a live region only then. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Makes a function that calls `run` at most once in an interval, and later for a call within it. */
export function atMostEvery(intervalMs: number, run: () => void): () => void {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = performance.now();
        run();
      },
      Math.max(0, last + intervalMs - performance.now()),
    );
  };
}
