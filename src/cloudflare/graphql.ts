import { z } from 'zod';
import { PermanentError, TransientError } from '../core/errors.ts';
import type { Account } from './client.ts';
import { translateBodyError, translateError, unexpectedAnswer, type Call } from './translate-error.ts';

/**
 * Cloudflare's analytics. They have a budget of their own, 300 queries in five minutes, and answer a query that they do not
 * like with status 200 and `errors`, which have no codes: their documented sentences are all there is to tell them apart.
 */

const TOO_MANY = /budget depleted|excessive resources/i;
const BUSY = /too many queries|internal server error/i;
const NOT_FOR_TOKEN = /not authorized|unauthorized/i;

/** What is documented for a budget that is used up. */
const PAUSE_MS = 5 * 60_000;

const Answer = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() }).catch({ message: '' })).nullish(),
});

const Data = z.object({ viewer: z.object({ accounts: z.array(z.record(z.string(), z.unknown())) }) });

const Group = z.object({
  count: z.unknown().optional(),
  dimensions: z.record(z.string(), z.unknown()).catch({}),
  sum: z.record(z.string(), z.unknown()).catch({}),
});
/** Things that have all that was asked for in common. What its values are is for the reader of each dataset to say. */
export type Group = z.infer<typeof Group>;

export interface Question {
  /** Infinitive: `read countries`. */
  readonly does: string;
  /** Has a variable `$account: string`. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Why there is no answer and will be none: the token may not ask, or the query names what the plan does not have. */
export type Refusal = 'token' | 'query';

export type Asked = { readonly kind: 'answer'; readonly account: Record<string, unknown> } | { readonly kind: Refusal };

/**
 * Asks one query of `viewer.accounts` of our account. Throws TransientError where another try can help, PermanentError for
 * a token that is not accepted at all and for an answer of another form.
 */
export async function askAnalytics(
  { client, accountId, clock }: Account,
  { does, query, variables }: Question,
  patienceMs: number = client.timeout,
): Promise<Asked> {
  const what: Call = { route: 'POST graphql', does, area: 'analytics' };
  const signal = AbortSignal.timeout(Math.min(patienceMs, client.timeout));
  let body: unknown;
  try {
    const sent = client.post('/graphql', { body: { query, variables: { ...variables, account: accountId } }, signal });
    const response = await sent.asResponse().catch((error: unknown) => {
      throw translateError(error, what, clock.now());
    });
    body = await response.json().catch((error: unknown) => {
      throw translateBodyError(error, what);
    });
  } catch (error) {
    if (!(error instanceof PermanentError) || error.code === 'cloudflare-token-refused') throw error;
    return { kind: error.code === 'cloudflare-permission-missing' ? 'token' : 'query' };
  }
  return readAnswer(what, body);
}

function readAnswer(what: Call, body: unknown): Asked {
  const answer = Answer.safeParse(body);
  if (!answer.success) throw unexpectedAnswer(what, 'the result');
  const says = (answer.data.errors ?? []).map(({ message }) => message).join('\n');
  if (TOO_MANY.test(says)) throw tooManyQueries();
  if (BUSY.test(says)) {
    throw new TransientError(`Cloudflare could not ${what.does} just now (${what.route}).`, {
      code: 'cloudflare-unavailable',
    });
  }
  if ((answer.data.errors ?? []).length > 0) return { kind: NOT_FOR_TOKEN.test(says) ? 'token' : 'query' };
  const data = Data.safeParse(answer.data.data);
  if (!data.success) throw unexpectedAnswer(what, 'field data');
  return { kind: 'answer', account: data.data.viewer.accounts[0] ?? {} };
}

function tooManyQueries(): TransientError {
  return new TransientError('Cloudflare’s analytics are asked too often and want a pause of five minutes.', {
    code: 'cloudflare-rate-limited',
    retryAfterMs: PAUSE_MS,
  });
}

/** The rows of one dataset in an answer, unread. */
export function rowsIn(account: Record<string, unknown>, dataset: string): unknown[] {
  return z.array(z.unknown()).safeParse(account[dataset]).data ?? [];
}

/** What does not look like a group is left out. */
export function readGroups(rows: readonly unknown[]): Group[] {
  return rows.flatMap((row) => Group.safeParse(row).data ?? []);
}

/** `about`: `sign-ins`. */
export function noSuchData(why: Refusal, about: string): PermanentError {
  const permission = '“Account Analytics → Read”';
  const says =
    why === 'token'
      ? `Cloudflare’s analytics of ${about} can’t be read: add the permission ${permission} to the API token.`
      : `Cloudflare’s analytics of ${about} can’t be read: the plan of the account does not have them, or the API token lacks the permission ${permission}.`;
  return new PermanentError(says, { code: 'no-such-data' });
}
