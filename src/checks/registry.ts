import { admission } from './admission.ts';
import type { Check } from './check.ts';
import { failedLogins } from './failed-logins.ts';
import { knownDevice } from './known-device.ts';
import { loginMethod } from './login-method.ts';
import { slackProfile } from './slack-profile.ts';
import { spelling } from './spelling.ts';

/** What may keep a sign-in code from arriving, in the order in which it is told. */
export const signInChecks: readonly Check[] = [
  admission,
  spelling,
  loginMethod,
  slackProfile,
  knownDevice,
  failedLogins,
];
