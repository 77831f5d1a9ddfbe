import { contrastRatio, mixed } from './contrast.ts';
import { type AccentColor, palette } from './palette.ts';

/** The contrast that text needs (WCAG 2.2, success criterion 1.4.3, level AA). */
const neededRatio = 4.5;

/** What the accent meets on the pages, by the name in the palette. */
const uses = {
  'on-accent': 'the text of buttons on it',
  card: 'the card behind links',
  ground: 'the ground of the page',
} as const;

const schemes = [
  { name: 'light', index: 0, towards: 'black' },
  { name: 'dark', index: 1, towards: 'white' },
] as const;

/** Yields a fault for each colour scheme in which links or buttons of that colour would be hard to read. */
export function* accentFaults(accent: AccentColor): Iterable<string> {
  for (const { name, index, towards } of schemes) {
    const colour = accent[name];
    if (colour === undefined) continue;
    const { ratio, other, use } = lowest(colour, index);
    if (ratio >= neededRatio) continue;
    // Rounded down, so that no insufficient ratio is shown as sufficient.
    const found = `${(Math.floor(ratio * 100) / 100).toFixed(2)}:1`;
    yield `appearance.accentColor.${name}=${colour}: expected a contrast of at least ${neededRatio}:1 (WCAG 2.2, 1.4.3); found ${found} with ${other}, ${use}; the nearest colour that passes is ${nearestPassing(colour, index, towards)}`;
  }
}

function lowest(colour: string, index: 0 | 1): { ratio: number; other: string; use: string } {
  const [worst = { ratio: 0, other: '', use: '' }] = Object.entries(uses)
    .map(([name, use]) => {
      const other = palette[name as keyof typeof uses][index];
      return { ratio: contrastRatio(colour, other), other, use };
    })
    .toSorted((one, another) => one.ratio - another.ratio);
  return worst;
}

/** Returns the first colour on the way to black or white that passes. Its hue is the hue of the given colour. */
function nearestPassing(colour: string, index: 0 | 1, towards: 'black' | 'white'): string {
  let share = 0;
  let candidate = colour;
  while (lowest(candidate, index).ratio < neededRatio && share < 1) {
    share += 1 / 256;
    candidate = mixed(colour, towards, share);
  }
  return candidate;
}
