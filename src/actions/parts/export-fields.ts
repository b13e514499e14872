import { choiceField, lineField } from '../../core/fields.ts';
import { EXPORTED_LOGS } from '../../core/export-job.ts';

/** The fields that the forms of several destinations have. */

export const logsField = () =>
  choiceField(EXPORTED_LOGS, {
    label: 'Which logs?',
    options: [
      { value: 'access', text: 'Access log', description: 'Who signed in, and who was turned away.' },
      { value: 'gateway', text: 'Gateway logs', description: 'What was reached: DNS, HTTP, network, sessions.' },
      { value: 'both', text: 'Both', description: 'Five exports, one for each kind of row.' },
    ],
  });

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PATH = /^\/?[\w.=-]+(\/[\w.=-]+)*\/?$/;

export const bucketField = (hint: string) =>
  lineField(
    { label: 'Bucket', hint },
    {
      valid: BUCKET,
      says: 'A bucket’s name is 3 to 63 small letters, digits, dots and hyphens, such as lantern-logs.',
    },
  );

export const pathField = () =>
  lineField(
    { label: 'Folder in the bucket', hint: 'Such as cloudflare/zero-trust. In it there is a folder for each day.' },
    { valid: PATH, says: 'Write folders with / between them, of letters, digits, dots, hyphens and underscores.' },
  ).optional();
