import { expect } from 'vitest';
import { lanternHealth, type SeedPerson } from '../../sandbox/slack/seed.ts';
import type { TestSandbox } from '../harness/use-sandbox.ts';

/** Requests about many people, and what they cost. */

/** Opens the form for several people by way of the form for one. */
export async function opensList({ slack }: TestSandbox, by: string, action: 'add' | 'revoke'): Promise<void> {
  const asker = slack.as(by);
  await asker.types(`/ocs-access ${action}`);
  await slack.until(() => asker.view()?.submit, { what: 'the form' });
  await asker.clicks('modal', 'Paste a list');
  await slack.until(() => asker.views().some((view) => /one person a line/.test(slack.text(view))), {
    what: 'the form for several people',
  });
}

/** Sends the form and waits until something else than the form or the wait stands there. */
export async function sends({ slack }: TestSandbox, by: string): Promise<string> {
  const asker = slack.as(by);
  const { errors = {} } = await asker.submits();
  expect(errors).toEqual({});
  return slack.until(
    () =>
      asker
        .views()
        .map(slack.text)
        .find((text) => /is on its way|Nothing has been done yet|did not work|⚠️/.test(text)),
    { what: 'an answer to the form', timeoutMs: 20_000 },
  );
}

/** So many colleagues who are in Slack, by number from 1: `new.colleague.7@…`. */
export function newColleagues(count: number): SeedPerson[] {
  return Array.from({ length: count }, (_, index) => ({
    short: `new${index + 1}`,
    id: `U05NEW${String(index + 1).padStart(5, '0')}`,
    realName: `New Colleague ${index + 1}`,
    email: `new.colleague.${index + 1}@lanternhealth.example`,
    tz: 'Europe/London',
    role: 'member' as const,
  }));
}

export function workspaceWith(people: readonly SeedPerson[]) {
  return { seed: { people: [...lanternHealth.people, ...people] } };
}

/** A serial number that a laptop could have, for the colleague with this number. */
export function serialFor(index: number): string {
  return `PF${String(index).padStart(5, '0')}X`;
}

/** Calls to Cloudflare by method and kind of route, ids left out. */
export function callsByRoute({ cloudflare }: TestSandbox): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of cloudflare.calls) {
    const route = path.replace(/^\/accounts\/[^/]+\//, '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g, ':id');
    counts[`${method} ${route}`] = (counts[`${method} ${route}`] ?? 0) + 1;
  }
  return counts;
}
