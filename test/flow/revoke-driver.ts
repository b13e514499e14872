import { expect } from 'vitest';
import type { TestSandbox } from '../harness/use-sandbox.ts';
import { withoutTimes } from './onboarding-driver.ts';

/** How somebody takes access away: the form, the plan that they read, the button. */

/** Opens the form of `revoke`, filled in as the command line says; the form is not sent. */
export async function fillsRevoke(
  { slack }: TestSandbox,
  by: string,
  command: string,
  reason = 'Leaves today',
): Promise<void> {
  const asker = slack.as(by);
  await asker.types(command);
  await slack.until(() => asker.view()?.submit, { what: 'the form' });
  await asker.sets('reason', reason);
}

/** Sends the form. Resolves to the plan that is to be confirmed, as it reads. */
export async function readsPlan({ slack }: TestSandbox, by: string): Promise<string> {
  const asker = slack.as(by);
  expect((await asker.submits()).errors ?? {}).toEqual({});
  return slack.until(
    () => {
      const view = asker.view();
      const text = view === undefined ? '' : slack.text(view);
      return /Nothing has been done yet/.test(text) ? text : undefined;
    },
    { what: 'the plan', timeoutMs: 20_000 },
  );
}

/** An approver sends the form and confirms the plan. Resolves to the plan that they read. */
export async function revokes(sandbox: TestSandbox, by = 'cara', command = '/ocs-access revoke @ben'): Promise<string> {
  await fillsRevoke(sandbox, by, command);
  const plan = await readsPlan(sandbox, by);
  expect((await sandbox.slack.as(by).submits()).errors ?? {}).toEqual({});
  return plan;
}

/** What an approver is warned of above the steps, one a line. */
export function warningsIn(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('⚠️'));
}

/** The audit entries of a request with those of the steps of each stage in order: they come as each step ends. */
export function inStages(entries: readonly string[], sizes: readonly number[]): string[] {
  const steps = entries.filter((entry) => entry.startsWith('run.step: '));
  expect(steps).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
  const sorted = sizes.flatMap((size) => steps.splice(0, size).toSorted());
  return entries.map((entry) => (entry.startsWith('run.step: ') ? (sorted.shift() ?? '') : entry));
}

/** The newest card in the approvals channel, once it says this; patient, because other tests run beside this one. */
export async function ends(sandbox: TestSandbox, words: RegExp = /✅ REQ-0001/): Promise<string> {
  const { slack } = sandbox;
  return slack.until(
    () => {
      const card = slack.messages('ocs-approvals').at(-1);
      const text = card === undefined ? '' : slack.text(card);
      return words.test(text) ? withoutTimes(text) : undefined;
    },
    { what: `a card that says ${String(words)}`, timeoutMs: 20_000 },
  );
}
