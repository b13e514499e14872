import type { TestSandbox } from '../harness/use-sandbox.ts';
import { withoutTimes } from './onboarding-driver.ts';

type Slack = Pick<TestSandbox, 'slack'>;

/** Opens the Home tab and waits until there is one; resolves to what stands on it. */
export async function opensHome(sandbox: Slack, who: string): Promise<string> {
  await sandbox.slack.as(who).opensHome();
  return homeSays(sandbox, who, /./);
}

/** What stands on the Home tab of a person now; empty before they have opened it. */
export function homeOf({ slack }: Slack, who: string): string {
  const view = slack.as(who).home();
  return view === undefined ? '' : withoutTimes(slack.text(view));
}

/** Waits until the Home tab of a person says this. */
export async function homeSays(sandbox: Slack, who: string, words: RegExp): Promise<string> {
  return homeIs(sandbox, who, (text) => words.test(text), `says ${String(words)}`);
}

/** Waits until the Home tab of a person says this no more. */
export async function homeStopsSaying(sandbox: Slack, who: string, words: RegExp): Promise<string> {
  return homeIs(sandbox, who, (text) => text !== '' && !words.test(text), `says ${String(words)} no more`);
}

async function homeIs(sandbox: Slack, who: string, isSo: (text: string) => boolean, what: string): Promise<string> {
  return sandbox.slack.until(
    () => {
      const text = homeOf(sandbox, who);
      return isSo(text) ? text : undefined;
    },
    { what: `a Home tab of ${who} that ${what}; it says:\n${homeOf(sandbox, who)}`, timeoutMs: 20_000 },
  );
}

/** How often the Home tab of a person was published. */
export function publishedFor({ slack }: Slack, who: string): number {
  const { id } = slack.as(who);
  return slack.calls.filter(({ method, args }) => method === 'views.publish' && args['user_id'] === id).length;
}
