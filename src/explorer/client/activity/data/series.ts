/** One line of a chart, and one column of its table. */
export interface Series {
  readonly label: string;
  /** The types of events that it sums up. Null: every type that no other series has. */
  readonly types: readonly string[] | null;
  /** The words for one event and for several, in the summary. */
  readonly words: readonly [one: string, several: string];
  /** Its colour, dashes and shape (`view/marks.ts`). 0 is for what was refused, failed or ended. */
  readonly look: 0 | 1 | 2;
}

/** One chart and its table. */
export interface Group {
  readonly id: string;
  readonly title: string;
  /** What will appear, for a chart without an event. */
  readonly empty: string;
  readonly series: readonly Series[];
}

export const groups: readonly Group[] = [
  {
    id: 'denials',
    title: 'Denials',
    empty: 'A rule that denies an operation, or a field of it, appears here. Rules in shadow mode appear as shadow denials: they would have denied.',
    series: [
      { label: 'Denials', types: ['DENIAL'], words: ['denial', 'denials'], look: 0 },
      { label: 'Shadow denials', types: ['SHADOW_DENIAL'], words: ['shadow denial', 'shadow denials'], look: 1 },
    ],
  },
  {
    id: 'sign-ins',
    title: 'Sign-ins',
    empty: 'Each sign-in appears here, and each attempt that failed.',
    series: [
      { label: 'Sign-ins', types: ['SIGN_IN'], words: ['sign-in', 'sign-ins'], look: 1 },
      { label: 'Failed', types: ['SIGN_IN_FAILED'], words: ['failed sign-in', 'failed sign-ins'], look: 0 },
    ],
  },
  {
    id: 'tokens',
    title: 'Tokens',
    empty: 'Each exchange of a code for tokens appears here, each refresh, and each revoked token or grant.',
    series: [
      { label: 'Exchanges', types: ['TOKEN_ISSUED'], words: ['exchange', 'exchanges'], look: 1 },
      { label: 'Refreshes', types: ['TOKEN_REFRESHED'], words: ['refresh', 'refreshes'], look: 2 },
      {
        label: 'Revocations',
        types: ['TOKEN_REVOKED', 'GRANT_REVOKED', 'CODE_REUSE', 'REFRESH_REUSE'],
        words: ['revocation', 'revocations'], look: 0,
      },
    ],
  },
  {
    id: 'others',
    title: 'Administration and changes',
    empty: 'Each use of a field for administrators appears here, and each change of accounts, applications and keys.',
    series: [
      { label: 'Administration', types: ['ADMINISTRATION'], words: ['administrative use', 'administrative uses'], look: 1 },
      { label: 'Other', types: null, words: ['other event', 'other events'], look: 2 },
    ],
  },
];

const named: ReadonlySet<string> = new Set(groups.flatMap(({ series }) => series.flatMap(({ types }) => types ?? [])));

/** Returns the counts of a series, one for each part of the span. */
export function countsOf(
  { types }: Series,
  counts: { readonly of: (type: string) => readonly number[]; readonly types: () => readonly string[] },
): number[] {
  const summed = (types ?? counts.types().filter((type) => !named.has(type))).map((type) => counts.of(type));
  const length = counts.of('').length;
  return Array.from({ length }, (_, index) => summed.reduce((sum, one) => sum + (one[index] ?? 0), 0));
}

/** Returns the groups that have something to show under a filter by type. */
export function groupsFor(type: string): readonly Group[] {
  if (type === '') return groups;
  const found = groups.flatMap((group) => {
    const series = group.series.filter(({ types }) => (types ? types.includes(type) : !named.has(type)));
    return series.length > 0 ? [{ ...group, series }] : [];
  });
  return found;
}
