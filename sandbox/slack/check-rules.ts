import { asText, isObject, type JsonObject } from './json.ts';

/** Something that Slack would refuse, and where it stands. */
export interface Fault {
  /** A JSON pointer, e.g. `/blocks/0/text/text`. */
  pointer: string;
  message: string;
  /** The error of the whole call, when it is not the usual one. */
  code?: string | undefined;
}

export type Check = (value: unknown, at: string) => Fault[];

/** A field that must be there. A bare `Check` is one that may be left out. */
export interface Needed {
  needed: Check;
}

export const needed = (check: Check): Needed => ({ needed: check });

export const fault = (pointer: string, message: string, code?: string): Fault => ({ pointer, message, code });

const must = (holds: boolean, at: string, message: string): Fault[] => (holds ? [] : [fault(at, message)]);

export function text(most: number, least = 1): Check {
  return (value, at) => {
    if (typeof value !== 'string') return [fault(at, 'must be a string')];
    if (value.length < least) return [fault(at, `must be more than ${least - 1} characters`)];
    return must(value.length <= most, at, `must be less than ${most + 1} characters`);
  };
}

export function url(most: number): Check {
  return (value, at) => [
    ...text(most)(value, at),
    ...must(/^(https?|mailto|slack):/.test(asText(value)), at, 'must be a valid URL'),
  ];
}

export function matching(pattern: RegExp, words: string): Check {
  return (value, at) => must(typeof value === 'string' && pattern.test(value), at, `must be ${words}`);
}

export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, at) =>
    must(
      values.some((one) => one === value),
      at,
      `must be one of ${values.join(', ')}`,
    );
}

export const flag: Check = (value, at) => must(typeof value === 'boolean', at, 'must be a boolean');

export const anything: Check = () => [];

export function integer(least: number, most: number): Check {
  return (value, at) =>
    must(
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
      at,
      `must be a whole number from ${least} to ${most}`,
    );
}

export const number: Check = (value, at) =>
  must(typeof value === 'number' && Number.isFinite(value), at, 'must be a number');

export function list(each: Check, least: number, most: number): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return [fault(at, 'must be an array')];
    if (value.length < least) return [fault(at, `no fewer than ${least} items allowed`)];
    if (value.length > most) return [fault(at, `no more than ${most} items allowed`)];
    return value.flatMap((one: unknown, index) => each(one, `${at}/${index}`));
  };
}

/** An object with these fields and no others. `rules` look at the whole of it, once its fields are right. */
export function shape(
  fields: Record<string, Check | Needed>,
  ...rules: ((object: JsonObject) => string | null)[]
): Check {
  return (value, at) => {
    if (!isObject(value)) return [fault(at, 'must be an object')];
    const unknown = Object.keys(value)
      .filter((key) => value[key] !== undefined && !Object.hasOwn(fields, key))
      .map((key) => fault(at, `invalid additional property: ${key}`));
    const wrong = Object.entries(fields).flatMap(([key, field]) => checkField(value[key], field, `${at}/${key}`, key));
    if (unknown.length + wrong.length > 0) return [...unknown, ...wrong];
    return rules.flatMap((rule) => {
      const message = rule(value);
      return message === null ? [] : [fault(at, message)];
    });
  };
}

function checkField(value: unknown, field: Check | Needed, at: string, key: string): Fault[] {
  if (typeof field === 'function') return value === undefined ? [] : field(value, at);
  return value === undefined || value === null
    ? [fault(at.slice(0, at.lastIndexOf('/')), `missing required field: ${key}`)]
    : field.needed(value, at);
}

/** One of several objects, told apart by their `type`. */
export function byType(kinds: Record<string, Check>, words: string): Check {
  return (value, at) => {
    if (!isObject(value)) return [fault(at, 'must be an object')];
    const type = asText(value['type']);
    const check = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    return check === undefined ? [fault(at, `unsupported type: ${type || 'none'}${words}`)] : check(value, at);
  };
}

export function pickKinds(kinds: Record<string, Check>, ...names: readonly string[]): Record<string, Check> {
  return Object.fromEntries(
    names.map((name) => {
      const check = kinds[name];
      if (check === undefined) throw new Error(`no check for ${name}`);
      return [name, check];
    }),
  );
}

export const exactlyOne =
  (...keys: string[]) =>
  (object: JsonObject): string | null =>
    keys.filter((key) => object[key] !== undefined).length === 1 ? null : `exactly one of ${keys.join(', ')} is needed`;

export const atLeastOne =
  (...keys: string[]) =>
  (object: JsonObject): string | null =>
    keys.some((key) => object[key] !== undefined) ? null : `at least one of ${keys.join(', ')} is needed`;
