import type { Step } from '../core/step.ts';
import { awaitTunnel } from './await-tunnel.ts';
import { clearEnd } from './clear-end.ts';
import { cutOff } from './cut-off.ts';
import { endRegistrations } from './end-registrations.ts';
import { freeSeats } from './free-seats.ts';
import { keepOpen } from './keep-open.ts';
import { listItems } from './list-items.ts';
import { logpushDelete } from './logpush-delete.ts';
import { logpushDestination } from './logpush-destination.ts';
import { logpushJob } from './logpush-job.ts';
import { logpushOwnership } from './logpush-ownership.ts';
import { logpushProof } from './logpush-proof.ts';
import { logpushSwitch } from './logpush-switch.ts';
import { policyEmails } from './policy-emails.ts';
import { proveOut } from './prove-out.ts';
import { readdEmail } from './readd-email.ts';
import { readdItem } from './readd-item.ts';
import { removeDevices } from './remove-devices.ts';
import { reportEvents } from './report-events.ts';
import { restartContainer } from './restart-container.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { sendOtpHelp } from './send-otp-help.ts';
import { sendWelcome } from './send-welcome.ts';
import { setEnd } from './set-end.ts';
import { setSession } from './set-session.ts';
import { tellOwner } from './tell-owner.ts';
import { watchAttempts } from './watch-attempts.ts';

/** Every effect that a plan may hold. */
export const steps: readonly Step[] = [
  listItems,
  policyEmails,
  sendWelcome,
  setEnd,
  setSession,
  clearEnd,
  keepOpen,
  removeDevices,
  endRegistrations,
  revokeSessions,
  freeSeats,
  proveOut,
  cutOff,
  reportEvents,
  tellOwner,
  watchAttempts,
  restartContainer,
  awaitTunnel,
  readdEmail,
  readdItem,
  sendOtpHelp,
  logpushDestination,
  logpushOwnership,
  logpushProof,
  logpushJob,
  logpushSwitch,
  logpushDelete,
];
