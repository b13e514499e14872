import { PermanentError } from '../core/errors.ts';
import { placeOf, type Destination } from '../core/export-destination.ts';
import { defineStep } from '../core/step.ts';
import { KeyedDestination, openDestination } from './parts/open-destination.ts';

/** Ensures, by looking only, that Cloudflare can write to a destination with the keys that were typed. */
export const logpushDestination = defineStep({
  id: 'logpush-destination',
  args: KeyedDestination,
  says: ({ destination }) => `Check that Cloudflare can write to ${placeOf(destination)}`,
  writes: false,
  look: async (args, context) => ({
    holds: await context.cloudflare.reachesDestination(await openDestination(args, context)),
    found: undefined,
  }),
  apply: async ({ destination }) => {
    throw new PermanentError(`Cloudflare can’t write to ${placeOf(destination)}. ${WHAT_TO_CHECK[destination.kind]}`, {
      code: 'destination-unreachable',
    });
  },
});

const WHAT_TO_CHECK: Readonly<Record<Destination['kind'], string>> = {
  s3: 'Check the bucket, its region, and that its policy lets Cloudflare write (s3:PutObject for arn:aws:iam::391854517948:user/cloudflare-logpush). Then ask again.',
  r2: 'Check the account id, the bucket and that the key may write to it. Then ask again, and type the key once more.',
  splunk:
    'Check the host and its port, that the HTTP Event Collector is on, that its certificate is a public one, and the token. Then ask again, and type the token once more.',
  datadog: 'Check the site and the API key. Then ask again, and type the key once more.',
};
