import { describe, expect, it } from 'vitest';
import type { AccessChange } from '../../../src/core/access-change.ts';
import { type AuditEntry, type AuditFacts, chain, CHAIN_START } from '../../../src/core/audit.ts';
import { standingAt } from '../../../src/core/digest/standing.ts';
import { anAuditEntry } from '../../builders/a-morning.ts';
import { ANA } from '../../builders/a-request.ts';

const END = Date.parse('2026-11-21T00:00Z');

async function* entries(facts: readonly AuditFacts[]): AsyncGenerator<AuditEntry> {
  let head: AuditEntry | undefined;
  for (const one of facts) yield (head = chain(head ?? CHAIN_START, one));
}

async function cutOf(...facts: readonly AuditFacts[]) {
  return (await standingAt(END, entries(facts))).revoked.get(ANA.email);
}

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);
const entry = (time: string, changes: Parameters<typeof anAuditEntry>[1] = {}): AuditFacts =>
  anAuditEntry(`2026-11-20T${time}Z`, changes);
const given = (access: AccessChange): AuditFacts =>
  entry('12:00', { action: 'some', requestId: 'REQ-0009', facts: { access } });

describe('whose access was taken away', () => {
  it('is out from the start of the revocation, and from its end once it is done', async () => {
    const started = entry('10:00', { kind: 'run.started' });

    expect(await cutOf(entry('09:59', { kind: 'request.asked' }))).toBeUndefined();
    expect(await cutOf(started)).toEqual({ requestId: 'REQ-0007', at: at('10:00') });
    expect(await cutOf(started, entry('10:01', { kind: 'run.failed' }))).toMatchObject({ at: at('10:00') });
    expect(await cutOf(started, entry('10:01'))).toMatchObject({ at: at('10:01') });
    expect(await cutOf(entry('10:01', { kind: 'stay.ended', action: undefined, facts: {} }))).toMatchObject({
      at: at('10:01'),
    });
  });

  it('is not out if nothing is said of access, because only devices were taken away', async () => {
    expect(
      await cutOf(entry('10:00', { kind: 'run.started', facts: {} }), entry('10:01', { facts: {} })),
    ).toBeUndefined();
    expect(await cutOf(entry('10:01', { facts: { access: 'of another version' } }))).toBeUndefined();
  });

  it.each(['given', 'given-back', 'device-replaced'] as const)('is in again after “%s”', async (action) => {
    expect(await cutOf(entry('10:00'), given(action))).toMatchObject({ at: at('10:00'), until: at('12:00') });
    expect(await cutOf(entry('10:00'), { ...given(action), kind: 'run.failed' })).not.toHaveProperty('until');
    expect(await cutOf(entry('10:00'), given(action), entry('13:00'))).toEqual({
      requestId: 'REQ-0007',
      at: at('13:00'),
    });
  });

  it('stays out if a device of theirs is reported lost after that', async () => {
    const lost = entry('11:00', { requestId: 'REQ-0008', facts: { access: 'device-lost' } });

    expect(await cutOf(lost)).toEqual({ requestId: 'REQ-0008', at: at('11:00'), because: 'lost' });
    expect(await cutOf(entry('10:00'), lost)).toEqual({ requestId: 'REQ-0007', at: at('10:00') });
    expect(await cutOf(entry('10:00'), { ...given('given'), at: at('10:30') }, lost)).toMatchObject({
      because: 'lost',
    });
    expect(await cutOf(lost, entry('12:00'))).toEqual({ requestId: 'REQ-0007', at: at('12:00') });
  });

  it('is as of the moment that was asked for', async () => {
    const late = anAuditEntry('2026-11-21T00:00Z', { facts: { access: 'given' } });

    expect(await cutOf(entry('10:00'), late, entry('11:00'))).toEqual({ requestId: 'REQ-0007', at: at('11:00') });
  });
});

const change = (kind: 'tunnel.down' | 'tunnel.back', day: string): AuditFacts =>
  anAuditEntry(`${day}T10:00Z`, {
    kind,
    facts: {
      alertId: 't1-a',
      tunnelId: 't1',
      tunnel: 'lantern',
      since: Date.parse(`${day}T09:58Z`),
      drops: 1,
      downMs: 0,
    },
  });

const down = async (...facts: AuditFacts[]) => [...(await standingAt(END, entries(facts))).down];

describe('tunnels that are not well', () => {
  it('are those that have not come back, for a week', async () => {
    expect(await down(change('tunnel.down', '2026-11-19'))).toEqual([
      ['t1', { alertId: 't1-a', name: 'lantern', since: Date.parse('2026-11-19T09:58Z') }],
    ]);
    expect(await down(change('tunnel.down', '2026-11-19'), change('tunnel.back', '2026-11-20'))).toEqual([]);
    expect(await down(change('tunnel.down', '2026-11-13'))).toEqual([]);
  });
});
