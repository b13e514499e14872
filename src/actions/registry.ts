import type { Action } from '../core/action.ts';
import { addMany } from './add-many.ts';
import { add } from './add.ts';
import { exportConfirm } from './export-confirm.ts';
import { exportDatadog } from './export-datadog.ts';
import { exportDelete } from './export-delete.ts';
import { exportPause } from './export-pause.ts';
import { exportR2 } from './export-r2.ts';
import { exportResume } from './export-resume.ts';
import { exportS3 } from './export-s3.ts';
import { exportSplunk } from './export-splunk.ts';
import { extend } from './extend.ts';
import { lost } from './lost.ts';
import { otpReset } from './otp-reset.ts';
import { replace } from './replace.ts';
import { restore } from './restore.ts';
import { revokeMany } from './revoke-many.ts';
import { revoke } from './revoke.ts';
import { session } from './session.ts';
import { tunnelRestart } from './tunnel-restart.ts';

/** Everything that the bot can do, in the order in which help lists it: with a line each as long as there is room. */
export const actions: readonly Action[] = [
  add,
  addMany,
  revoke,
  revokeMany,
  lost,
  replace,
  restore,
  extend,
  session,
  tunnelRestart,
  otpReset,
  exportS3,
  exportConfirm,
  exportR2,
  exportSplunk,
  exportDatadog,
  exportPause,
  exportResume,
  exportDelete,
];
