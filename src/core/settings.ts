import type { SessionLimits } from './sessions.ts';

/** House rules that planning and deciding need, as values: rooms never read the configuration. */
export interface Settings {
  readonly approvalsNeeded: number;
  readonly allowSelfApproval: boolean;
  readonly requestTtlMs: number;
  /** IANA name, checked at start. */
  readonly timeZone: string;
  /** `http://ocs.example:8000` */
  readonly appUrl: string;
  /** REVOKE_SEAT */
  readonly revokeSeat: boolean;
  readonly sessionLimits: SessionLimits;
}
