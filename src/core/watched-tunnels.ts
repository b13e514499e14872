import { z } from 'zod';

/** A tunnel as far as the watch has to know it while it is not there. */
export const NamedTunnel = z.object({ id: z.string(), name: z.string() });
export type NamedTunnel = z.infer<typeof NamedTunnel>;

/**
 * The tunnels to watch: those that the application uses (`ofApp`), or all of the reading as long as nobody could tell.
 * One that was watched and is there no more stays watched, as gone: it is not told among those of the application either,
 * whether or not a route still leads to it. It is let go once routes lead to another one instead.
 */
export function watchedTunnels(
  reading: readonly NamedTunnel[],
  ofApp: readonly NamedTunnel[] | undefined,
  watchedBefore: readonly NamedTunnel[],
): NamedTunnel[] {
  const used = ofApp ?? reading;
  const isUsed = ({ id }: NamedTunnel): boolean => used.some((one) => one.id === id);
  const isThere = ({ id }: NamedTunnel): boolean => reading.some((one) => one.id === id);
  // Where no route tells of any tunnel, all of the account are given.
  const routesTell = used.length > 0 && !reading.every(isUsed);
  const isReplaced = routesTell && used.some(({ id }) => !watchedBefore.some((one) => one.id === id));
  const gone = isReplaced ? [] : watchedBefore.filter((one) => !isThere(one) && !isUsed(one));
  return [...used, ...gone].map(({ id, name }) => ({ id, name }));
}
