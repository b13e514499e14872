import { EngineError } from './engine-error.ts';

export type Filters = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `filters` in both forms that the Engine takes: `{"label":["a=b"]}` and `{"label":{"a=b":true}}`.
 *
 * @throws EngineError 400
 */
export function readFilters(text: string | null, known: readonly string[]): Filters {
  if (text === null || text === '') return new Map();
  const filters = Object.entries(parse(text)).map(([name, values]) => [name, valuesOf(values)] as const);
  const strange = filters.find(([name]) => !known.includes(name));
  if (strange !== undefined) throw new EngineError(400, `invalid filter '${strange[0]}'`);
  return new Map(filters);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The same answer as for what is JSON and no map.
  }
  throw new EngineError(400, 'invalid filter');
}

function valuesOf(values: unknown): string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new EngineError(400, 'invalid filter');
  return Object.entries(values).flatMap(([value, isSet]) => (isSet === true ? [value] : []));
}
