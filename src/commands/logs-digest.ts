import { boundsOf, dayBefore, dayOf } from '../core/day.ts';
import { UserError } from '../core/errors.ts';
import { readMoment } from '../core/moment.ts';
import { signatureOf } from '../core/person.ts';
import { plainSection } from '../slack/blocks.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identifyApprover } from './require-approver.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID = 'Valid are `yesterday`, `today` or a day such as `2026-11-20`.';

/** `/ocs-access logs digest [day]`: the digest of a day, as direct messages to whoever asks. */
export async function logsDigest(desk: Desk, call: Call, words: readonly string[]): Promise<void> {
  const { actor } = await identifyApprover(desk, call, {
    tried: 'to read a digest',
    because: 'Only approvers can ask for a digest. Your own access is under `/ocs-access whoami`.',
  });
  const { store, clock } = desk;
  const day = readDay(words, desk);
  await refuseWhatIsGone(day, desk);
  await say(call, `I am making the digest of ${day}. It comes as a direct message.`);
  const data = await desk.digestOf(day);
  const asked = { day, data, askedBy: call.userId };
  await store.commit({
    audit: [
      {
        kind: 'logs.read',
        at: clock.now(),
        actor: signatureOf(actor),
        people: [],
        says: `${actor.name} asked for the digest of ${day}.`,
        facts: { log: 'digest', day },
      },
    ],
    effects: [
      { kind: 'post', post: { kind: 'digest', ...asked } },
      { kind: 'post', post: { kind: 'digest-details', ...asked } },
    ],
  });
}

function readDay(words: readonly string[], { clock, settings: { timeZone } }: Desk): string {
  const now = clock.now();
  const [word, ...more] = words;
  if (word === undefined) return dayBefore(dayOf(now, timeZone));
  if (more.length > 0) throw badDay(`I can make the digest of one day at a time.`);
  const moment = readMoment([word], { now, timeZone });
  if (moment === undefined) throw badDay(`“${word.slice(0, 60)}” is not a day that I can read.`);
  if ('problem' in moment) throw badDay(moment.problem);
  return dayOf(moment.at, timeZone);
}

function badDay(says: string): UserError {
  return new UserError(`${says} ${VALID}`, { code: 'bad-day' });
}

async function refuseWhatIsGone(day: string, { logs, logRetentionDays, clock, settings }: Desk): Promise<void> {
  const { to } = boundsOf(day, settings.timeZone);
  const days = logRetentionDays === 1 ? '1 day' : `${logRetentionDays} days`;
  if (to <= clock.now() - logRetentionDays * DAY_MS) {
    throw new UserError(`There is no digest of ${day} any more: rows of the logs are kept for ${days}.`, {
      code: 'day-gone',
    });
  }
  const oldest = await logs.oldestRow();
  if (oldest === undefined || oldest < to) return;
  const since = dayOf(oldest, settings.timeZone);
  throw new UserError(`There is no digest of ${day}: the oldest row of the logs that is kept is of ${since}.`, {
    code: 'day-gone',
  });
}

async function say(call: Call, says: string): Promise<void> {
  await call.reply({ text: says, blocks: [plainSection(says)] });
}
