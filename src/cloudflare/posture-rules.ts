import { z } from 'zod';
import { call } from './call.ts';
import type { Account } from './client.ts';

/** A posture rule that compares serial numbers. It holds none itself: they are in the list that it reads. */
export interface SerialRule {
  readonly id: string;
  readonly name: string;
  /** Undefined: the rule reads no list. */
  readonly listId: string | undefined;
}

const Rule = z.object({
  id: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  input: z.looseObject({ id: z.string().nullish() }).nullish().catch(undefined),
});

/** The posture rules of type `serial_number`. The route has no pages. */
export async function readSerialRules(account: Account): Promise<SerialRule[]> {
  const { client, accountId } = account;
  const rules = await call(
    account,
    { route: 'GET devices/posture', does: 'read the device posture rules', area: 'zeroTrust' },
    z.array(Rule).nullish(),
    (options) => client.zeroTrust.devices.posture.list({ account_id: accountId }, options),
  );
  return (rules ?? [])
    .filter((rule) => rule.type === 'serial_number')
    .map(({ id, name, input }) => ({ id, name: name ?? id, listId: input?.id ?? undefined }));
}
