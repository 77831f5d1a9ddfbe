type ColourName =
  | 'ink'
  | 'quiet'
  | 'ground'
  | 'card'
  | 'line'
  | 'rule'
  | 'accent'
  | 'on-accent'
  | 'wrong'
  | 'wrong-ground';

/** The colours of all pages by name: in the light and in the dark colour scheme. */
export const palette: Readonly<Record<ColourName, readonly [light: string, dark: string]>> = {
  ink: ['#16202e', '#e8edf4'],
  quiet: ['#526071', '#a3b0c2'],
  ground: ['#eef2f7', '#0e141c'],
  card: ['#ffffff', '#18212d'],
  line: ['#8794a6', '#61708a'],
  rule: ['#dce3ec', '#2b3747'],
  accent: ['#1d4ed8', '#8ab4ff'],
  'on-accent': ['#ffffff', '#0b1a35'],
  wrong: ['#b3261e', '#ffb4ab'],
  'wrong-ground': ['#fdecea', '#3a1a1a'],
};

/** An accent colour of the operator, such as `#1d4ed8`, for each colour scheme. Default: the accent of the palette. */
export interface AccentColor {
  readonly light?: string;
  readonly dark?: string;
}

/** Returns the declarations of the colours as custom properties of CSS. */
export function colourDeclarations(accent: AccentColor): string {
  const colours = { ...palette, accent: [accent.light ?? palette.accent[0], accent.dark ?? palette.accent[1]] };
  return Object.entries(colours)
    .map(([name, [light, dark]]) => `  --${name}: light-dark(${light}, ${dark});\n`)
    .join('');
}
