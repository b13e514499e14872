const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a Go-style duration such as `2h45m`, or null if the text is none. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, name] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    const size = name === 'ms' || name === 's' || name === 'm' || name === 'h' ? unit[name] : 0;
    total += Number(amount) * size;
  }
  return total;
}

/** Milliseconds as Go writes a duration: `24h0m0s`, `5m0s`, `30s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / unit.s);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
