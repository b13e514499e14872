import type { TestSandbox } from '../harness/use-sandbox.ts';
import { withoutTimes } from './onboarding-driver.ts';

type Slack = Pick<TestSandbox, 'slack'>;

/** What the bot answers to a typed line, to this person alone. */
export async function says({ slack }: Slack, who: string, line: string, channel?: string): Promise<string> {
  const person = slack.as(who);
  const before = person.ephemerals().length;
  await person.types(line, channel === undefined ? {} : { channel });
  const said = await slack.until(() => person.ephemerals()[before], {
    what: `an answer to ${line}`,
    timeoutMs: 20_000,
  });
  return withoutTimes(slack.text(said));
}

/** The newest message that only this person sees. */
export function newestSaid({ slack }: Slack, who: string) {
  const said = slack.as(who).ephemerals().at(-1);
  if (said === undefined) throw new Error(`${who} was told nothing yet`);
  return said;
}
