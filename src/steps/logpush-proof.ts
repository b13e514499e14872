import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import { placeOf } from '../core/export-destination.ts';
import { defineStep } from '../core/step.ts';
import { SecretReference } from '../core/vault.ts';
import { KeyedDestination, openDestination } from './parts/open-destination.ts';

const Args = z.object({ ...KeyedDestination.shape, token: SecretReference });

/** Ensures, by looking only, that the token is the one that Cloudflare wrote into the bucket. */
export const logpushProof = defineStep({
  id: 'logpush-proof',
  args: Args,
  says: ({ destination }) => `Check the token from ${placeOf(destination)}`,
  writes: false,
  look: async (args, context) => {
    const [conf, token] = await Promise.all([openDestination(args, context), context.vault.open(args.token)]);
    return { holds: await context.cloudflare.provesOwnership(conf, token), found: undefined };
  },
  apply: async ({ destination }) => {
    throw new PermanentError(
      `That is not the token that Cloudflare wrote to ${placeOf(destination)}. Open the newest of the files that I named to you, copy all of it without blanks, and press “Type the token” once more.`,
      { code: 'wrong-token' },
    );
  },
});
