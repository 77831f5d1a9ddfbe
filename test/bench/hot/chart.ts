import { spreadOf } from '../spread.ts';
import { bestPeer, type ContenderResult, type Results } from './results.ts';

/** Draws the rate of Claimgate beside the best peer of each workload, as SVG that can be read in light and in dark. */
export function chart(results: readonly Results[]): string {
  const rows = results.flatMap((result) => {
    const best = bestPeer(result);
    const ours = result.contenders.find(({ is }) => is === 'ours');
    return best && ours ? [{ result, best, ours }] : [];
  });
  const height = 34 * rows.length + 56;
  const bars = rows.map(({ result: { workload }, best, ours }, index) => {
    const ratio = medianRate(ours) / medianRate(best);
    const y = 40 + index * 34;
    const width = Math.min(ratio, 3) * 120;
    return [
      `<text x="12" y="${y + 16}">${workload.name}</text>`,
      `<rect class="ours" x="60" y="${y}" width="${width.toFixed(1)}" height="22" rx="3"/>`,
      `<text x="${(68 + width).toFixed(1)}" y="${y + 16}">${ratio.toFixed(2)}</text>`,
      `<title>${workload.what}</title>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 ${height}" role="img" aria-label="Requests a second of Claimgate, as a multiple of the best peer of each workload">
<style>
text { font: 14px system-ui, sans-serif; fill: #16202e } .ours { fill: #1d4ed8 } line { stroke: #526071; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { text { fill: #e8edf4 } .ours { fill: #8ab4ff } line { stroke: #a3b0c2 } }
</style>
<text x="12" y="20">Requests a second, as a multiple of the best peer (the line)</text>
${bars.map((bar) => `<g>${bar}</g>`).join('\n')}
<line x1="180" x2="180" y1="32" y2="${height - 14}"/>
</svg>
`;
}

function medianRate({ rounds }: ContenderResult): number {
  return spreadOf(rounds.map(({ requestsPerSecond }) => requestsPerSecond)).median;
}
