import { z } from 'zod';
import { Destination, destinationConf } from '../../core/export-destination.ts';
import type { Secret } from '../../core/secret.ts';
import type { StepContext } from '../../core/step.ts';
import { SecretReference } from '../../core/vault.ts';

/** A destination, and where its keys are. */
export const KeyedDestination = z.object({
  destination: Destination,
  /** By name, as `destinationConf` wants them. */
  secrets: z.record(z.string(), SecretReference),
});
export type KeyedDestination = z.infer<typeof KeyedDestination>;

/** The destination in Cloudflare’s own form, with the keys in it: to be handed to Cloudflare and to nobody else. */
export async function openDestination(
  { destination, secrets }: KeyedDestination,
  { vault }: Pick<StepContext, 'vault'>,
): Promise<Secret> {
  const opened = await Promise.all(
    Object.entries(secrets).map(async ([name, reference]) => [name, await vault.open(reference)] as const),
  );
  return destinationConf(destination, Object.fromEntries(opened));
}

export const LOGPUSH_PAGE = 'Zero Trust dashboard → Insights → Logs → Logpush';
