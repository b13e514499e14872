/** A text with something in it; undefined for everything else. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, or a text that is one: large counts come as either. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Yes and no as analytics write them: 1 and 0. */
export function flagIn(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const number = numberIn(value);
  return number === undefined ? undefined : number !== 0;
}

/** Epoch milliseconds of a time in RFC 3339. Anything else (`yesterday`, `7`) would be guessed at by `Date.parse`. */
export function momentIn(value: unknown): number | undefined {
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? Date.parse(value) : NaN;
  return Number.isFinite(at) ? at : undefined;
}
