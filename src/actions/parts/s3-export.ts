import { z } from 'zod';
import type { Destination } from '../../core/export-destination.ts';
import { lineField } from '../../core/fields.ts';
import { bucketField, logsField, pathField } from './export-fields.ts';
import { whyField } from './usual-fields.ts';

/** What is typed to export to S3. Cloudflare writes there by the bucket’s own policy, so there is no key. */
export const S3Export = z.object({
  logs: logsField(),
  bucket: bucketField('Its policy has to let Cloudflare write.'),
  region: lineField(
    { label: 'Region', hint: 'Such as eu-west-1.' },
    { valid: /^[a-z]{2}(-[a-z]+)+-\d$/, says: 'A region looks like eu-west-1.' },
  ),
  path: pathField(),
  reason: whyField(),
});

export function s3Destination({
  bucket,
  region,
  path = '',
}: Pick<z.infer<typeof S3Export>, 'bucket' | 'region' | 'path'>): Extract<Destination, { kind: 's3' }> {
  return { kind: 's3', bucket, region, path };
}
