/** Bar numbers as a musician says them: 1, 2, 3, 7 is "1–3, 7". */
export function formatBars(bars: readonly number[]): string {
  const sorted = [...new Set(bars)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const bar of sorted) {
    const last = runs[runs.length - 1];
    if (last && bar === last[1] + 1) last[1] = bar;
    else runs.push([bar, bar]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
