import { z } from 'zod';
import { lineField, secretField } from '../core/fields.ts';
import { bucketField, logsField, pathField } from './parts/export-fields.ts';
import { exportTo } from './parts/export-to.ts';
import { whyField } from './parts/usual-fields.ts';

export const exportR2 = exportTo({
  id: 'export-r2',
  title: 'Export logs to R2',
  summary: 'Have Cloudflare deliver logs to an R2 bucket.',
  input: z.object({
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
  }),
  destination: ({ accountId, bucket, path = '' }) => ({
    kind: 'r2',
    accountId: accountId.toLowerCase(),
    bucket,
    path,
  }),
  secrets: ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey }),
});
