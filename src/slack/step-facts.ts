import { capital } from '../core/capital.ts';
import type { PlannedStep } from '../core/plan.ts';
import { fit } from './fit.ts';

/** What a step is given, in words. What the step's own sentence says already is left out, and so is what only machines read. */
export function readableFacts({ args, says }: PlannedStep): { readonly name: string; readonly value: string }[] {
  return Object.entries(args).flatMap(([name, given]) => {
    if ((typeof given !== 'string' && typeof given !== 'number') || isIdName(name) || FOR_MACHINES.has(name)) return [];
    const value = fit(String(given), 200);
    return value === '' || says.includes(value) ? [] : [{ name: NAMES[name] ?? inWords(name), value }];
  });
}

/** `list 3f2a…`, `policy 9c1b…`: for an operator who looks for it in Cloudflare. People’s ids are not among them. */
export function idsOf({ args }: PlannedStep): string[] {
  return Object.entries(args).flatMap(([name, value]) => (name === 'slackId' ? [] : idsIn(name, value)));
}

type Json = PlannedStep['args'][string];

function idsIn(name: string, value: Json): string[] {
  if (name === 'secretId') return [];
  if (typeof value === 'string')
    return isIdName(name) ? [`${inWords(name.slice(0, -2)).toLowerCase()} ${fit(value, 60)}`] : [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([inner, one]) => idsIn(inner === 'id' ? `${name}Id` : inner, one));
}

function isIdName(name: string): boolean {
  return name.length > 2 && name.endsWith('Id');
}

/** The sentence of the step has them in its own words. */
const FOR_MACHINES = new Set(['id', 'endsAt', 'part', 'what', 'ms', 'from', 'startedAt', 'fresh', 'container']);

const NAMES: Record<string, string> = {
  description: 'Noted beside it',
  email: 'E-mail',
  appUrl: 'Address of the app',
  teamName: 'Team name in WARP',
};

/** `retryAfter`: `Retry after`. */
function inWords(name: string): string {
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return fit(capital(words), 40);
}
