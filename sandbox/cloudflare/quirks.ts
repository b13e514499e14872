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
  /** Which logins the analytics know. One public report saw nothing but those without an identity. */
  analyticsLogins: 'all' | 'none';
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
    serialCase: 'exact',
    listLimit: 1000,
    ruleLimit: 1000,
    enforceBudget: false,
    budget: 1200,
  };
}
