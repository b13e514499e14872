import { z } from 'zod';
import { isKnownError, PermanentError } from '../core/errors.ts';
import { call, type Send } from './call.ts';
import type { Account } from './client.ts';

const UNCHECKED = { code: 'token-unchecked' };

const Verdict = z.object({ status: z.string() });

export interface TokenCheck {
  readonly ok: boolean;
  readonly says: string;
}

/**
 * Whether Cloudflare accepts the token; says nothing about its permissions. Tokens of an account and of a user each have a
 * route of their own, and what either says about the other kind is not documented, so both are asked before a no.
 */
export async function checkToken(account: Account): Promise<TokenCheck> {
  const { client, accountId } = account;
  const asAccounts = await verify(account, 'GET tokens/verify', (options) =>
    client.accounts.tokens.verify({ account_id: accountId }, options),
  );
  if (!(asAccounts instanceof PermanentError)) return answer(asAccounts);
  return answer(await verify(account, 'GET user/tokens/verify', (options) => client.user.tokens.verify(options)));
}

async function verify(account: Account, route: `GET ${string}`, send: Send): Promise<string | Error> {
  try {
    return (await call(account, { route, does: 'verify the API token' }, Verdict, send)).status;
  } catch (error) {
    return isKnownError(error) ? error : new PermanentError('The API token could not be checked.', UNCHECKED);
  }
}

function answer(found: string | Error): TokenCheck {
  if (found instanceof Error) return { ok: false, says: found.message };
  if (found === 'active') return { ok: true, says: 'The Cloudflare API token is active.' };
  return {
    ok: false,
    says: `The Cloudflare API token is ${found === 'disabled' || found === 'expired' ? found : 'not active'}. Look at dash.cloudflare.com → My Profile (or Manage Account) → API Tokens, and put a token that is active into CLOUDFLARE_API_TOKEN.`,
  };
}
