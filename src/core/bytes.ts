const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `0 bytes`, `512 bytes`, `1.2 MB`, `340 GB`: to two or three digits, in thousands. */
export function bytesInWords(bytes: number): string {
  let amount = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be written as 1000.
  while (amount >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const written = unit === 0 || amount >= 9.95 ? String(Math.round(amount)) : amount.toFixed(1).replace(/\.0$/, '');
  return `${written} ${amount === 1 && unit === 0 ? 'byte' : UNITS[unit]}`;
}
