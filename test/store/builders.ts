import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { AuditEntry, AuditFacts } from '../../src/core/audit.ts';
import type { Store } from '../../src/core/ports.ts';
import { parseRedisTarget } from '../../src/core/redis-target.ts';
import type { Request } from '../../src/core/request.ts';
import { connectForAnswers, type RedisConnection } from '../../src/store/connect.ts';

export const MARA = { slackId: 'U0MARA', teamId: 'T0LANTERN', name: 'Mara' };

export function aRequest(changes: Partial<Request> = {}): Request {
  return {
    id: 'REQ-0001',
    version: 0,
    status: 'pending',
    action: 'add',
    effect: 'grant',
    input: { serial: 'C02XL0GYJGH5' },
    says: 'Give Nils access with C02XL0GYJGH5',
    reason: 'New in the team',
    requester: MARA,
    beneficiaries: [{ email: 'nils@lantern.example', name: 'Nils' }],
    about: [{ email: 'nils@lantern.example', name: 'Nils' }],
    isUrgent: false,
    approvalsNeeded: 1,
    approvals: [],
    createdAt: 1_700_000_000_000,
    expiresAt: 1_700_086_400_000,
    steps: [],
    direction: 'forward',
    ...changes,
  };
}

export function anEntry(changes: Partial<AuditFacts> = {}): AuditFacts {
  return {
    kind: 'request.asked',
    at: 1_700_000_000_000,
    actor: MARA,
    requestId: 'REQ-0001',
    action: 'add',
    people: ['nils@lantern.example'],
    says: 'Mara asked: Give Nils access with C02XL0GYJGH5.',
    facts: {},
    ...changes,
  };
}

export async function collectAudit(store: Store, from?: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of store.auditEntries(from)) entries.push(entry);
  return entries;
}

/** Test files share one Redis. */
export function ownPrefix(): string {
  return `{test-${randomUUID()}}`;
}

/** Connected when it resolves: these connections do not wait. */
export async function connectToTestRedis(url: string = inject('redisUrl')): Promise<RedisConnection> {
  const redis = connectForAnswers(parseRedisTarget(url), { onError: () => {} });
  await new Promise<void>((resolve) => redis.once('ready', resolve));
  return redis;
}
