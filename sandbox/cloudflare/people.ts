import type { State } from './state.ts';

/** One sign-in to an application. */
export interface Session {
  nonce: string;
  appId: string;
  startedAt: number;
  expiresAt: number;
  /** When it was revoked. */
  endedAt: number | null;
}

export interface User {
  id: string;
  seatUid: string;
  email: string;
  name: string;
  /** Has signed in to Access, and has not been freed from the seat since. */
  accessSeat: boolean;
  /** The same for the WARP client. Stays when the last registration goes. */
  gatewaySeat: boolean;
  createdAt: number;
  updatedAt: number;
  lastLoginAt: number | null;
  /** Those that ran out or were revoked too. */
  sessions: Session[];
  /** After a revocation nobody logs in again before this time. */
  blockedUntil: number;
}

export interface Device {
  id: string;
  name: string;
  serial: string;
  platform: 'mac' | 'windows' | 'linux';
  model: string;
  osVersion: string;
  clientVersion: string;
  lastSeenAt: number | null;
  lastSeenUserId: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface Registration {
  id: string;
  deviceId: string;
  /** Kept here because a registration can outlive its device. */
  deviceName: string;
  userId: string;
  createdAt: number;
  lastSeenAt: number;
  updatedAt: number;
  revokedAt: number | null;
}

/** The WARP client on somebody's laptop. Nothing that the API deletes takes it away. */
export interface Client {
  serial: string;
  email: string;
  name: string;
  platform: Device['platform'];
}

export interface AccessLogRow {
  at: number;
  email: string;
  allowed: boolean;
  appId: string;
  ip: string;
  rayId: string;
  /** Two letters. Only the analytics tell it. */
  country: string;
  /** Empty for somebody whom the account does not know. */
  userId: string;
  /** Empty if no policy let them in. */
  policyId: string;
  /** Empty without an enrolled device. */
  registrationId: string;
  /** When the log begins to show it, if that is later than the quirk has it. */
  shownAt?: number;
}

export function isLive({ endedAt, expiresAt }: Session, now: number): boolean {
  return endedAt === null && now < expiresAt;
}

export function userByEmail({ users }: State, email: string): User | undefined {
  const wanted = email.toLowerCase();
  for (const user of users.values()) if (user.email.toLowerCase() === wanted) return user;
  return undefined;
}

/** Neither deleted nor revoked. */
export function activeRegistrations({ registrations }: State, userId: string): Registration[] {
  return [...registrations.values()].filter((found) => found.userId === userId && found.revokedAt === null);
}
