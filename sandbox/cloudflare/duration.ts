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
