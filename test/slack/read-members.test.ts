import { expect, it } from 'vitest';
import { readMembers } from '../../src/slack/read-members.ts';

/** Slack with so many people, in pages. */
function aWorkspace(people: readonly Record<string, unknown>[], cap = Number.POSITIVE_INFINITY) {
  const asked: unknown[] = [];
  const list = async ({ limit = 0, cursor = '0' }: { limit?: number; cursor?: string }) => {
    asked.push(cursor);
    if (asked.length > cap) throw new Error('asked too often');
    const start = Number(cursor);
    const next = start + limit < people.length ? String(start + limit) : '';
    return { ok: true, members: people.slice(start, start + limit), response_metadata: { next_cursor: next } };
  };
  const client = { users: { list } } as unknown as Parameters<typeof readMembers>[0]['client'];
  return { asked, read: (...emails: string[]) => readMembers({ client, teamId: 'T1' }, new Set(emails)) };
}

function person(index: number, more: Record<string, unknown> = {}) {
  const profile = { email: `Person-${index}@lantern.example`, real_name: `Person ${index}` };
  return { id: `U${index}`, team_id: 'T1', profile, ...more };
}

const crowd = (count: number) => Array.from({ length: count }, (_, index) => person(index));

it('finds people by their addresses, whatever their capitals, on any page', async () => {
  const { asked, read } = aWorkspace(crowd(450));
  const found = await read('person-3@lantern.example', 'person-449@lantern.example', 'sam@partner.example');
  expect([...found].map(([email, { actor }]) => [email, actor.slackId])).toEqual([
    ['person-3@lantern.example', 'U3'],
    ['person-449@lantern.example', 'U449'],
  ]);
  expect(asked).toEqual(['0', '200', '400']);
});

it('stops as soon as everybody is found', async () => {
  const { asked, read } = aWorkspace(crowd(1000));
  await read('person-3@lantern.example');
  expect(asked).toEqual(['0']);
});

it('gives up after twenty pages', async () => {
  const { read } = aWorkspace(crowd(5000), 20);
  expect((await read('person-4999@lantern.example')).size).toBe(0);
});

it('knows who was deactivated, but prefers the account that followed under the same address', async () => {
  const gone = person(1, { deleted: true });
  const back = { ...person(1), id: 'U1B' };
  const { read } = aWorkspace([gone, back, person(2, { deleted: true })]);
  const found = await read('person-1@lantern.example', 'person-2@lantern.example');
  expect([...found.values()].map(({ member }) => [member.slackId, member.standing])).toEqual([
    ['U1B', 'member'],
    ['U2', 'deactivated'],
  ]);
});
