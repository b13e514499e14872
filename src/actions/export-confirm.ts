import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { UserError } from '../core/errors.ts';
import { placeOf } from '../core/export-destination.ts';
import { EXPORTED_LOGS } from '../core/export-job.ts';
import { fixedPart, secretField } from '../core/fields.ts';
import { logpushProof } from '../steps/logpush-proof.ts';
import { exportScope, logsName, planExport } from './parts/export-plan.ts';
import { S3Export, s3Destination } from './parts/s3-export.ts';
import { whyField } from './parts/usual-fields.ts';

/** The second half of an export to S3: with the token from the bucket, the logs are exported there. */
export const exportConfirm = defineAction({
  id: 'export-confirm',
  title: 'Confirm the S3 bucket',
  summary: 'Export logs to an S3 bucket, with the token that Cloudflare wrote there.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  input: z.object({
    /** The request that had the token written. */
    request: fixedPart(z.string()),
    logs: fixedPart(z.enum(EXPORTED_LOGS)),
    destination: fixedPart(
      z.object({ kind: z.literal('s3'), bucket: z.string(), region: z.string(), path: z.string() }),
    ),
    token: secretField({
      label: 'Token',
      hint: 'All that stands in the file. If I named several files, that of the newest.',
    }),
    reason: whyField(),
  }),
  describe: ({ logs, destination }) => `Export the ${logsName(logs)} to ${placeOf(destination)}`,
  beneficiaries: () => [],
  scope: ({ logs }) => exportScope(logs),
  from: (request) => {
    const typed = S3Export.safeParse(request.input).data;
    if (request.action !== 'export-s3' || typed === undefined) throw notPrepared(request.id);
    if (request.status !== 'done') throw notPrepared(request.id);
    const { logs, reason, ...rest } = typed;
    return { values: { reason }, fixed: { request: request.id, logs, destination: s3Destination(rest) } };
  },
  plan: ({ logs, destination, token }, snapshot) => {
    const keyed = { destination, secrets: {} };
    return planExport({ logs, ...keyed, token }, snapshot, [logpushProof.with({ ...keyed, token })]);
  },
});

function notPrepared(id: string): UserError {
  return new UserError(
    `${id} has written no token into a bucket, or not yet. Begin with \`/ocs-access logs export\` and “To S3”.`,
    { code: 'not-prepared' },
  );
}
