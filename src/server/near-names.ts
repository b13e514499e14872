import type { Summary } from './summary.ts';

const MOST = 5;
/** Of 1: below it two names have nothing to do with each other. */
const LEAST_LIKENESS = 0.3;

/** Names of containers and compose services that could have been meant, the likeliest first. */
export function nearNames(wanted: string, containers: readonly Summary[]): string[] {
  const rated = containers.flatMap(({ name, service, image }) => {
    const bonus = image.includes('cloudflared') ? 1 : 0;
    return [name, ...(service === undefined ? [] : [service])].map((one) => ({
      name: one,
      likeness: bonus + likeness(wanted, one),
    }));
  });
  const near = rated.filter((one) => one.likeness >= LEAST_LIKENESS).toSorted((a, b) => b.likeness - a.likeness);
  return [...new Set(near.map(({ name }) => name))].slice(0, MOST);
}

/** The share of pairs of letters that two names have in common, from 0 to 1. */
function likeness(one: string, other: string): number {
  const [left, right] = [pairsOf(one), pairsOf(other)];
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return (2 * shared) / Math.max(1, left.size + right.size);
}

function pairsOf(name: string): Set<string> {
  const letters = name.toLowerCase();
  return new Set(Array.from({ length: letters.length - 1 }, (_, index) => letters.slice(index, index + 2)));
}
