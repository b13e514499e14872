import { defineAction } from '../core/action.ts';
import { placeOf } from '../core/export-destination.ts';
import { logpushDestination } from '../steps/logpush-destination.ts';
import { logpushOwnership } from '../steps/logpush-ownership.ts';
import { exportScope, exportsOf, logsName, notExportedYet } from './parts/export-plan.ts';
import { S3Export, s3Destination } from './parts/s3-export.ts';

/**
 * The first half: Cloudflare wants to know whose bucket it is, and writes a file with a token there. Nothing is exported by
 * it, so nobody has to approve it; `export-confirm` is the other half.
 */
export const exportS3 = defineAction({
  id: 'export-s3',
  title: 'Export logs to S3',
  summary: 'Have Cloudflare write a token into an S3 bucket, as the first half of exporting logs there.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 0,
  approvalsSay: 'none: nothing is exported yet. Whoever asked types the token then, and that has to be approved',
  offeredBy: 'logs export',
  submit: 'Get the token',
  input: S3Export,
  describe: ({ logs, ...rest }) => `Prepare the export of the ${logsName(logs)} to ${placeOf(s3Destination(rest))}`,
  beneficiaries: () => [],
  scope: ({ logs }) => exportScope(logs),
  plan: ({ logs, ...rest }, snapshot) => {
    const destination = s3Destination(rest);
    notExportedYet({ logs, destination }, exportsOf(snapshot));
    const keyed = { destination, secrets: {} };
    return { stages: [[logpushDestination.with(keyed)], [logpushOwnership.with(keyed)]], warnings: [] };
  },
});
