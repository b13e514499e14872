import { z } from 'zod';
import { isKnownError, PermanentError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import type { Call } from './translate-error.ts';

const REFUSED = 'cloudflare-refused';

/** What Cloudflare says in words stays unread: it may hold what was sent. */
const Verdict = z.object({ valid: z.boolean().nullish(), filename: z.string().nullish() }).nullish();
type Verdict = z.infer<typeof Verdict>;

/** Cloudflare tries to write there. It says no in its answer, or by refusing the call. */
export async function reachesDestination(account: Account, conf: Secret): Promise<boolean> {
  const { client, accountId } = account;
  const what = checking('POST logpush/validate/destination', 'try the destination of an export');
  const verdict = await unlessRefused(
    call(account, what, Verdict, (options) =>
      client.logpush.validate.destination({ account_id: accountId, destination_conf: conf.reveal() }, options),
    ),
  );
  return verdict?.valid === true;
}

/** Throws PermanentError `no-challenge` where Cloudflare can’t write the file. */
export async function challengeOwnership(account: Account, conf: Secret): Promise<string> {
  const { client, accountId } = account;
  const what = checking('POST logpush/ownership', 'write a token into a bucket');
  const verdict = await unlessRefused(
    call(account, what, Verdict, (options) =>
      client.logpush.ownership.create({ account_id: accountId, destination_conf: conf.reveal() }, options),
    ),
  );
  const filename = verdict?.filename ?? '';
  if (verdict?.valid === true && filename !== '') return filename;
  throw new PermanentError(
    'Cloudflare could not write the file with the token into the bucket. Check its name, its region and whether its policy lets Cloudflare write, and ask again.',
    { code: 'no-challenge' },
  );
}

export async function provesOwnership(account: Account, conf: Secret, token: Secret): Promise<boolean> {
  const { client, accountId } = account;
  const what = checking('POST logpush/ownership/validate', 'compare the token of a bucket');
  const body = { destination_conf: conf.reveal(), ownership_challenge: token.reveal() };
  const verdict = await unlessRefused(
    call(account, what, Verdict, (options) =>
      client.logpush.ownership.validate({ account_id: accountId, ...body }, options),
    ),
  );
  return verdict?.valid === true;
}

function checking(route: Call['route'], does: string): Call {
  return { route, does, area: 'logs' };
}

async function unlessRefused(asking: Promise<Verdict>): Promise<Verdict> {
  try {
    return await asking;
  } catch (error) {
    if (isKnownError(error) && error.code === REFUSED) return undefined;
    throw error;
  }
}
