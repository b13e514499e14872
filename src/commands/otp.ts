import { isCodeByMail } from '../checks/login-method.ts';
import { signInChecks } from '../checks/registry.ts';
import { judgeEntry } from '../core/entry.ts';
import { signatureOf, type Actor } from '../core/person.ts';
import type { Effect } from '../core/ports.ts';
import { ruleContext, type Snapshot } from '../core/snapshot.ts';
import { otpMessage, type OtpReport } from '../slack/otp-message.ts';
import type { Call } from './call.ts';
import type { Desk } from './desk.ts';
import { identify } from './identify.ts';
import { isAmongApprovers } from './is-among-approvers.ts';
import { asOneself, asSomebody, isOneself, readWhom, type Subject } from './otp-subject.ts';
import { gapIn, readInTime, valueIn } from './read-in-time.ts';
import { requireApprover } from './require-approver.ts';

const DAY = 24 * 60 * 60 * 1000;

/** `/ocs-access otp [@person|e-mail]`: why somebody gets no sign-in code, and what they can do about it. */
export async function otp(desk: Desk, call: Call): Promise<void> {
  const { actor } = await identify(desk, call);
  const whom = readWhom(wordsOf(call));
  const isForReader = isOneself(whom, actor);
  if (!isForReader) {
    await requireApprover(desk, actor, {
      tried: 'to have the sign-in of somebody else checked',
      because: 'Only approvers can check the sign-in of others. For your own, type `/ocs-access otp` alone.',
    });
  }
  const subject = isForReader ? asOneself(actor) : await asSomebody(whom, desk);
  const isApprover = isForReader ? isAmongApprovers(desk, actor) : true;
  const report = await check(desk, subject, { isForReader, isApprover });
  await writeDown(desk, actor, subject, report);
  await call.reply(otpMessage(report));
}

/** After the command’s own word. */
function wordsOf({ value }: Call): string[] {
  return value
    .split(/\s+/)
    .filter((one) => one !== '')
    .slice(1);
}

interface Reader {
  readonly isForReader: boolean;
  /** Does not fail. */
  readonly isApprover: boolean | Promise<boolean>;
}

async function check(desk: Desk, subject: Subject, reader: Reader): Promise<OtpReport> {
  const { email, name, slackId, profile, problem } = subject;
  const now = desk.clock.now();
  const [account, log, isApprover] = await Promise.all([
    readInTime(
      desk.cloudflare.snapshot({ loginMethods: true, users: [email], devicesOf: [email], undecided: 'first' }),
      'Cloudflare',
      desk,
    ),
    readInTime(desk.cloudflare.accessEvents({ email, since: now - DAY, withCountries: true }), 'Cloudflare', desk),
    reader.isApprover,
  ]);
  const snapshot = valueIn(account);
  const facts = { email, snapshot, events: valueIn(log), profile, isForApprover: isApprover, now };
  const outcome = outcomeOf(email, snapshot);
  const isOfUse = outcome === 'admitted' || outcome === 'unsure';
  return {
    isForReader: reader.isForReader,
    isApprover,
    person: { email, name, ...(slackId === undefined ? {} : { slackId }) },
    outcome,
    findings: signInChecks.flatMap((one) => one.findings(facts)),
    gaps: [
      ...gapIn(account, 'The policies and the ways to sign in'),
      ...gapIn(log, 'The log of the last day'),
      ...(problem === undefined ? [] : [`Who has this address in Slack. ${problem}`]),
    ],
    told: isOfUse ? (slackId === undefined ? 'by-reader' : 'directly') : 'nobody',
  };
}

function outcomeOf(email: string, snapshot: Snapshot | undefined): OtpReport['outcome'] {
  if (snapshot === undefined) return 'not-read';
  const { verdict } = judgeEntry(snapshot.policies, email, ruleContext(snapshot));
  if (verdict === 'no') return 'not-admitted';
  if (snapshot.loginMethods?.some(isCodeByMail) === false) return 'no-code';
  return verdict === 'yes' ? 'admitted' : 'unsure';
}

const OUTCOMES: Record<OtpReport['outcome'], string> = {
  admitted: 'a policy lets it in',
  unsure: 'it can’t be told whether a policy lets it in',
  'not-admitted': 'no policy lets it in',
  'no-code': 'the sign-in page offers no code by e-mail',
  'not-read': 'Cloudflare could not be read',
};

/** Into the audit log, with the message to the person, before anybody is told. */
async function writeDown(
  { store, clock, settings }: Desk,
  actor: Actor,
  subject: Subject,
  report: OtpReport,
): Promise<void> {
  const { email, slackId } = subject;
  const { outcome, findings, told } = report;
  const count = (verdict: string): number => findings.filter((one) => one.verdict === verdict).length;
  const askedBy = report.isForReader ? {} : { askedBy: actor.name };
  const post: Effect[] =
    told === 'directly' && slackId !== undefined
      ? [
          {
            kind: 'post',
            post: { kind: 'otp-help', slackId, email, appUrl: settings.appUrl, wasReset: false, ...askedBy },
          },
        ]
      : [];
  await store.commit({
    audit: [
      {
        kind: 'sign-in.checked',
        at: clock.now(),
        actor: signatureOf(actor),
        people: [email],
        says: `${actor.name} had the sign-in of ${email} checked: ${OUTCOMES[outcome]}.`,
        facts: { outcome, wrong: count('failure'), worthALook: count('warning'), personWasTold: post.length > 0 },
      },
    ],
    effects: post,
  });
}
