/**
 * The permission group that each part of the API asks for. The names are those of the API, whose “Write” is called “Edit”
 * in the dashboard. Gateway and device routes do not state theirs for reads; “Zero Trust” is what the dashboard offers.
 * Users, their sessions and the Access log are all under “Access: Audit Logs”, which exists for reading only.
 * Everything about Logpush jobs asks for “Logs: Edit”, reading too, because keys are in them.
 */
const groups = {
  policies: 'Access: Apps and Policies',
  organization: 'Access: Organizations, Identity Providers, and Groups',
  zeroTrust: 'Zero Trust',
  tunnels: 'Cloudflare Tunnel',
  auditLogs: 'Access: Audit Logs',
  seats: 'Zero Trust: Seats',
  analytics: 'Account Analytics',
  logs: 'Logs',
  personalData: 'Zero Trust: PII',
} as const;

export type PermissionArea = keyof typeof groups;

/** The row to tick in the token's form: `Access: Apps and Policies → Edit`. */
export function permissionFor(area: PermissionArea, access: 'read' | 'write'): string {
  return `${groups[area]} → ${access === 'read' ? 'Read' : 'Edit'}`;
}
