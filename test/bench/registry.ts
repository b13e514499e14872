import type { Row } from './row.ts';
import { ack } from './rows/ack.ts';
import { auditVerify } from './rows/audit-verify.ts';
import { calls } from './rows/calls.ts';
import { digest } from './rows/digest.ts';
import { digestMemory } from './rows/digest-memory.ts';
import { jobs } from './rows/jobs.ts';
import { logMemory } from './rows/log-memory.ts';
import { lost, lostSerial } from './rows/lost.ts';
import { scale } from './rows/scale.ts';
import { start } from './rows/start.ts';

/** In the order in which they are measured and shown. */
export const rows: readonly Row[] = [
  ack,
  calls,
  lost,
  lostSerial,
  jobs,
  start,
  scale,
  digest,
  digestMemory,
  logMemory,
  auditVerify,
];
