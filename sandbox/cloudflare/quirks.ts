/**
 * Where the platform's behaviour is not proven, the sandbox takes the reading that is hardest on its caller. Each of
 * these turns one such reading round, so that a test can show that the bot copes with both.
 */
export interface Quirks {
  /** A PATCH that appends a value already in the list. `refuse` leaves the whole list as it was. */
  duplicateAppend: 'refuse' | 'ignore';
  /** A PATCH that removes a value which is not in the list. */
  absentRemove: 'refuse' | 'ignore';
  /** `id`, `created_at`, `updated_at`, `app_count`, `reusable` sent back in a PUT. */
  readOnlyKeys: 'refuse' | 'ignore';
  /** A policy that includes nobody. */
  emptyInclude: 'refuse' | 'accept';
  /** A PUT on the organisation: whether keys that it leaves out are lost. */
  organizationPut: 'replace' | 'merge';
  /** What deleting a device leaves of its registrations: they stay, revoked, until they are deleted themselves, or they go. */
  deletedDevice: 'revokes-registrations' | 'removes-registrations';
  /**
   * Whether a bypass policy keeps out somebody whom it excludes by who they are. The documentation says that a bypassed
   * request has no identity to judge by.
   */
  bypassExclude: 'honoured' | 'ignored';
  /** Milliseconds for which sessions that were revoked are still listed as if they lived. */
  sessionsLagMs: number;
  /** Which logins the analytics know. One public report saw nothing but those without an identity. `refused`: not in the plan. */
  analyticsLogins: 'all' | 'none' | 'refused';
  /** The same of network sessions and their bytes. */
  analyticsNetwork: 'all' | 'none' | 'refused';
  /** Fields that the plan leaves out of the analytics: `deviceId`, or of one dataset, `gatewayL4SessionsAdaptiveGroups.email`. */
  analyticsWithout: string[];
  /** Whether the analytics tell what the plan includes. */
  analyticsSettings: 'told' | 'refused';
  /** What the bytes that came back are called; `none`: no bytes are told at all. */
  bytesField: 'bytesReceived' | 'bytesRecvd' | 'none';
  /** Milliseconds for which a row of the Access log is kept: a day on the Free plan. */
  accessLogRetentionMs: number;
  /** Milliseconds between a login and its row in the Access log. */
  accessLogLagMs: number;
  /** Each page of the Access log begins with the last row of the one before. */
  accessLogRepeats: boolean;
  /** What the plan includes. By which code it refuses is not documented; it may be asked only when a job is made. */
  logpush: 'enterprise' | 'refused' | 'refused-on-create';
  /** How it says that a destination can’t be reached: in the answer, or by refusing the call. */
  logpushUnreachable: 'told' | 'refused';
  /** Whether a serial number must have the same case as the device reports. */
  serialCase: 'exact' | 'ignore';
  /** Entries per list: 1,000 on standard plans, 5,000 on Enterprise. */
  listLimit: number;
  /** Rules per policy, one e-mail address being one rule. */
  ruleLimit: number;
  /** Off by default: a long test run would trip over the real budget. */
  enforceBudget: boolean;
  /** Requests per five minutes. */
  budget: number;
}

export function defaultQuirks(): Quirks {
  return {
    duplicateAppend: 'refuse',
    absentRemove: 'refuse',
    readOnlyKeys: 'refuse',
    emptyInclude: 'refuse',
    organizationPut: 'replace',
    deletedDevice: 'revokes-registrations',
    bypassExclude: 'honoured',
    sessionsLagMs: 0,
    analyticsLogins: 'all',
    analyticsNetwork: 'all',
    analyticsWithout: [],
    analyticsSettings: 'told',
    bytesField: 'bytesReceived',
    accessLogRetentionMs: 86_400_000,
    accessLogLagMs: 0,
    accessLogRepeats: false,
    logpush: 'enterprise',
    logpushUnreachable: 'told',
    serialCase: 'exact',
    listLimit: 1000,
    ruleLimit: 1000,
    enforceBudget: false,
    budget: 1200,
  };
}
