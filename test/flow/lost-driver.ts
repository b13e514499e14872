import type { TestSandbox } from '../harness/use-sandbox.ts';
import type { Insider } from './leaving-driver.ts';
import { auditOf, withoutTimes } from './onboarding-driver.ts';

/** How people report a lost device, and what the security channel has of it. */

export const ANA: Insider = {
  who: 'ana',
  name: 'Ana Souza',
  email: 'ana.souza@lanternhealth.example',
  serial: 'C02XK0AZJG5J',
};

/** Opens the form by the command; any other door leads to the same one. */
export async function opensLost({ slack }: TestSandbox, who: string): Promise<void> {
  const person = slack.as(who);
  await person.types('/ocs-access lost');
  await lostFormOpens({ slack }, who);
}

export async function lostFormOpens({ slack }: Pick<TestSandbox, 'slack'>, who: string): Promise<void> {
  await slack.until(() => slack.as(who).view()?.submit, { what: `the form of ${who}`, timeoutMs: 20_000 });
}

/** Types into the picker and takes the first device that it offers. */
export async function picksDevice({ slack }: TestSandbox, who: string, typed = ''): Promise<string> {
  const offered = await slack.as(who).suggestions('device.pick', typed);
  const [first] = offered;
  if (first === undefined) throw new Error(`nothing is offered to ${who} for “${typed}”`);
  await slack.as(who).sets('device.pick', first);
  return first;
}

interface Report {
  readonly by?: string;
  /** What is typed into the picker; nothing: one’s own. */
  readonly typed?: string;
  readonly what?: string;
}

/** Reports a device lost, all the way; resolves to what the form says then. */
export async function reportsLost(sandbox: TestSandbox, { by = 'ana', typed, what }: Report = {}): Promise<string> {
  const { slack } = sandbox;
  await opensLost(sandbox, by);
  await picksDevice(sandbox, by, typed);
  if (what !== undefined) await slack.as(by).sets('reason', what);
  const sent = await slack.as(by).submits();
  if (Object.keys(sent.errors ?? {}).length > 0) throw new Error(JSON.stringify(sent.errors));
  const view = await slack.until(() => slack.as(by).view(), { what: 'the answer' });
  return withoutTimes(slack.text(view));
}

/** The newest incident in the security channel; calls from its thread stand beside it. */
function newestIncident({ slack }: Pick<TestSandbox, 'slack'>) {
  return slack
    .messages('ocs-security')
    .findLast((message) => slack.text({ ...message, replies: [] }).includes('was reported lost\n'));
}

export function incidentOf(sandbox: Pick<TestSandbox, 'slack'>) {
  const message = newestIncident(sandbox);
  if (message === undefined) throw new Error('there is no incident yet');
  return message;
}

/** Waits until the newest incident says this, its thread left out. */
export async function incidentSays(sandbox: TestSandbox, words: RegExp): Promise<string> {
  const { slack } = sandbox;
  return slack.until(
    () => {
      const newest = newestIncident(sandbox);
      const text = newest === undefined ? '' : slack.text({ ...newest, replies: [] });
      return words.test(text) ? withSortedSteps(withoutTimes(text)) : undefined;
    },
    { what: `an incident that says ${String(words)}`, timeoutMs: 20_000 },
  );
}

/** Steps of one stage are done in any order, and shown in the order in which they were. */
function withSortedSteps(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex(isDoneStep);
  if (first === -1) return text;
  const done = lines.filter(isDoneStep).toSorted();
  return [...lines.slice(0, first), ...done, ...lines.slice(first + done.length)].join('\n');
}

function isDoneStep(line: string): boolean {
  return line.startsWith('• 2026-11-21 12:04 UTC: ');
}

/** Waits until the thread of the newest incident says this; the newest reply that does. */
export async function threadSays(sandbox: TestSandbox, words: RegExp): Promise<string> {
  const { slack } = sandbox;
  const replies = () => (newestIncident(sandbox)?.replies ?? []).map((reply) => withoutTimes(slack.text(reply)));
  return slack.until(() => replies().findLast((text) => words.test(text)), {
    what: `a reply to the incident that says ${String(words)}`,
    timeoutMs: 20_000,
  });
}

/** One line an entry; those of the steps in no particular order. */
export async function auditSorted(sandbox: TestSandbox, id = 'REQ-0001'): Promise<string[]> {
  const lines = await auditOf(sandbox, id);
  const steps = lines.filter((line) => line.startsWith('run.step')).toSorted();
  const first = lines.findIndex((line) => line.startsWith('run.step'));
  const others = lines.filter((line) => !line.startsWith('run.step'));
  return [...others.slice(0, first), ...steps, ...others.slice(first)];
}

/** What somebody reads in the modal that they have open. */
export function modalOf({ slack }: Pick<TestSandbox, 'slack'>, who: string): string {
  const view = slack.as(who).view();
  if (view === undefined) throw new Error(`${who} has no modal open`);
  return withoutTimes(slack.text(view));
}

/** The oldest message at the top of a channel. */
export function firstIn({ slack }: Pick<TestSandbox, 'slack'>, channel: string) {
  const [message] = slack.messages(channel);
  if (message === undefined) throw new Error(`nothing in ${channel} yet`);
  return message;
}
