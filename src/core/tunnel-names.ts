import type { TunnelHealth } from './tunnel.ts';

const SHORT_ID = 8;

/** Names by id, as people tell them apart: where several have the same name, the beginning of the id stands behind it. */
export function tunnelNames(tunnels: readonly Pick<TunnelHealth, 'id' | 'name'>[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { name } of tunnels) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    tunnels.map(({ id, name }) => [id, (counts.get(name) ?? 0) > 1 ? `${name} (${id.slice(0, SHORT_ID)})` : name]),
  );
}
