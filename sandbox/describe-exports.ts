import type { Account } from './cloudflare/account.ts';

/** Exports of logs, and what somebody finds in the buckets. */
export interface ExportsLook {
  readonly jobs: readonly { readonly id: number; readonly name: string; readonly to: string; readonly isOn: boolean }[];
  /** Files with a token, oldest first. */
  readonly files: readonly { readonly name: string; readonly bucket: string; readonly token: string }[];
}

/** Without the keys, which are in the query of a destination. */
export function describeExports({ state: { logpush } }: Pick<Account, 'state'>): ExportsLook {
  return {
    jobs: [...logpush.jobs.values()].map(({ id, conf, body }) => ({
      id,
      name: body.name,
      to: conf.replace(/\?.*$/s, ''),
      isOn: body.enabled,
    })),
    files: logpush.challenges.map(({ filename, place, token }) => ({ name: filename, bucket: place, token })),
  };
}
