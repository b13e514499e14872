import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { placeOf, type Destination } from '../core/export-destination.ts';
import { lineField, secretField } from '../core/fields.ts';
import { logpushDestination } from '../steps/logpush-destination.ts';
import { bucketField, logsField, pathField, whyField } from './parts/export-fields.ts';
import { exportScope, logsName, planExport } from './parts/export-plan.ts';

const input = z.object({
  logs: logsField(),
  accountId: lineField(
    { label: 'Account id', hint: 'Of the Cloudflare account that the bucket is in.' },
    { valid: /^[0-9a-f]{32}$/i, says: 'An account id is 32 characters of 0-9 and a-f.' },
  ),
  bucket: bucketField('It has to be there already.'),
  path: pathField(),
  accessKeyId: secretField({
    label: 'Access key id',
    hint: 'Of an R2 API token that may write to this bucket, and to no other.',
  }),
  secretAccessKey: secretField({ label: 'Secret access key' }),
  reason: whyField(),
});

export const exportR2 = defineAction({
  id: 'export-r2',
  title: 'Export logs to R2',
  summary: 'Have Cloudflare deliver logs to an R2 bucket.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  offeredBy: 'logs export',
  input,
  describe: ({ logs, ...rest }) => `Export the ${logsName(logs)} to ${placeOf(destinationOf(rest))}`,
  beneficiaries: () => [],
  scope: ({ logs }) => exportScope(logs),
  plan: ({ logs, accessKeyId, secretAccessKey, ...rest }, snapshot) => {
    const keyed = { destination: destinationOf(rest), secrets: { accessKeyId, secretAccessKey } };
    return planExport({ logs, ...keyed }, snapshot, [logpushDestination.with(keyed)]);
  },
});

function destinationOf({
  accountId,
  bucket,
  path = '',
}: Pick<z.infer<typeof input>, 'accountId' | 'bucket' | 'path'>): Destination {
  return { kind: 'r2', accountId: accountId.toLowerCase(), bucket, path };
}
