import { spreadOf } from '../spread.ts';
import { bestPeer, type Results, throughput } from './results.ts';

/** The pixels of a ratio of 1. */
const unit = 150;
const left = 60;
const rowHeight = 44;
/** Longer bars are cut. */
const longest = 3;

/**
 * Draws the throughput of Claimgate beside the best peer of each workload, as SVG that can be read in light and in dark.
 */
export function chart(results: readonly Results[]): string {
  const rows = results.flatMap((result) => {
    const best = bestPeer(result);
    const ours = result.contenders.find(({ is }) => is === 'ours');
    if (!best || !ours) return [];
    const ratio = spreadOf(throughput(ours.rounds, best.rounds).ratios).median;
    return [{ workload: result.workload, ratio, peer: best.name }];
  });
  const height = rowHeight * rows.length + 60;
  const bars = rows.map(({ workload, ratio, peer }, index) => {
    const y = 44 + index * rowHeight;
    const width = Math.min(ratio, longest) * unit;
    const aim = left + workload.aim * unit;
    return [
      `<g><title>${escaped(workload.what)}: ${ratio.toFixed(2)} of ${escaped(peer)}, aim ${workload.aim}</title>`,
      `<text x="12" y="${y + 15}">${workload.name}</text>`,
      `<rect class="ours" x="${left}" y="${y}" width="${width.toFixed(1)}" height="20" rx="3"/>`,
      `<text x="${(left + 8 + width).toFixed(1)}" y="${y + 15}">${ratio.toFixed(2)}</text>`,
      `<line class="aim" x1="${aim}" x2="${aim}" y1="${y - 3}" y2="${y + 23}"/>`,
      `<text class="small" x="${left}" y="${y + 33}">${escaped(workload.what)}</text></g>`,
    ].join('');
  });
  const one = left + unit;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${height}" role="img" aria-label="Throughput of Claimgate, as a multiple of the best peer of each workload">
<style>
text { font: 14px system-ui, sans-serif; fill: #16202e } .small { font-size: 11px; fill: #526071 }
.ours { fill: #1d4ed8 } .peer { stroke: #526071; stroke-dasharray: 4 3 } .aim { stroke: #b45309; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e8edf4 } .small { fill: #a3b0c2 } .ours { fill: #6c9eff } .peer { stroke: #a3b0c2 } .aim { stroke: #fbbf24 }
}
</style>
<text x="12" y="18">Throughput, as a multiple of the best peer (dashed line); the short lines are the aims</text>
<line class="peer" x1="${one}" x2="${one}" y1="32" y2="${height - 8}"/>
${bars.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
