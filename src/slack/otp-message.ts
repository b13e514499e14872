import type { Button, KnownBlock } from '@slack/types';
import type { Finding } from '../core/finding.ts';
import { button, buttons, header, note } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { firstWithin } from './first-within.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';
import { CODE_SENDER } from './otp-help-message.ts';
import { bold, lengthOf, line, list, quote, rich, who, type Part } from './rich.ts';

/** What a check of somebody’s sign-in came to. */
export interface OtpReport {
  readonly person: { readonly slackId?: string; readonly name: string; readonly email: string };
  readonly isForReader: boolean;
  /** `admitted`: a code can be sent. `unsure`: nobody can tell. `no-code`: it is not among the ways to sign in. */
  readonly outcome: 'admitted' | 'unsure' | 'not-admitted' | 'no-code' | 'not-read';
  readonly findings: readonly Finding[];
  /** What could not be read, each a full sentence. */
  readonly gaps: readonly string[];
  /** Who is told what to do: the person by a message, or nobody if there is no use. */
  readonly told: 'directly' | 'by-reader' | 'nobody';
  readonly isApprover: boolean;
}

const SIGNS: Record<Finding['verdict'], string> = {
  failure: '❌ Wrong:',
  warning: '⚠️ Worth a look:',
  ok: '✅ Fine:',
};
const ORDER: readonly Finding['verdict'][] = ['failure', 'warning', 'ok'];
const FINDINGS = 6000;
const GAP = 600;

/** What was found, to whoever asked. */
export function otpMessage(report: OtpReport): Message {
  const { findings, gaps } = report;
  const sorted = ORDER.flatMap((verdict) => findings.filter((one) => one.verdict === verdict));
  const { shown } = firstWithin(sorted.map(entry), FINDINGS, lengthOf);
  return {
    text: `${escapeToFit(`Sign-in of ${report.person.email}: ${SUMMARIES[report.outcome]}`, 700)} ${tellingText(report)}`.trim(),
    blocks: [
      header(headingOf(report)),
      rich(line('Sign-in of ', ...personParts(report), `: ${SUMMARIES[report.outcome]}`)),
      ...(shown.length === 0 ? [] : [rich(list('bullet', shown))]),
      ...gaps.slice(0, 4).map((gap) => rich(line(bold('⚠️ Not checked:'), ` ${fit(gap, GAP)}`))),
      ...tellingBlocks(report),
      ...buttonsOf(report),
    ],
  };
}

function personParts({ person, isForReader }: OtpReport): Part[] {
  if (isForReader) return [bold(person.email)];
  return [who(person), ...(person.name === person.email ? [] : [` (${fit(person.email, 254)})`])];
}

function entry({ verdict, says, fix }: Finding): Part[] {
  return [
    bold(SIGNS[verdict]),
    ` ${fit(says, 700)}`,
    ...(fix === undefined ? [] : [' ', bold('Next:'), ` ${fit(fix, 400)}`]),
  ];
}

function headingOf({ outcome, findings }: OtpReport): string {
  if (outcome === 'not-admitted') return '❌ No code is sent to this address';
  if (outcome === 'no-code') return '❌ Nobody gets a code now';
  if (outcome === 'not-read') return '⚠️ The sign-in could not be checked';
  if (findings.some(({ verdict }) => verdict === 'failure')) return '❌ Something is wrong';
  if (outcome === 'unsure' || findings.some(({ verdict }) => verdict === 'warning')) return '⚠️ Worth a look';
  return '✅ A code can be sent';
}

const SUMMARIES: Record<OtpReport['outcome'], string> = {
  admitted: 'Cloudflare sends codes to this address.',
  unsure: 'I can’t tell whether Cloudflare sends codes to this address.',
  'not-admitted': 'Cloudflare sends it no code, though the sign-in page says so.',
  'no-code': 'there is no code to wait for.',
  'not-read': 'Cloudflare could not be asked.',
};

/** For somebody whom only the reader reaches. */
function toPassOn(email: string): string {
  return `Type exactly this address on the sign-in page: ${email}. Look in the spam folder for an e-mail from ${CODE_SENDER}. Nothing after 60 seconds? Press “Resend code” once. Use only the newest code, within 10 minutes.`;
}

function tellingText({ told, isForReader }: OtpReport): string {
  if (told === 'nobody') return 'Open this message for the details.';
  if (told === 'by-reader') return 'I can’t reach them in Slack. Please pass on the steps in this message.';
  return isForReader
    ? 'What to do next is in my direct message to you.'
    : 'They have a direct message from me with what to do next.';
}

function tellingBlocks({ told, person, isForReader }: OtpReport): KnownBlock[] {
  switch (told) {
    case 'nobody':
      return [];
    case 'by-reader':
      return [rich(line('I can’t reach them in Slack. Please pass this on to them:'), quote(toPassOn(person.email)))];
    case 'directly':
      return [
        isForReader
          ? rich(line('What to do next is in my direct message to you.'))
          : rich(line(who(person), ' has a direct message from me with what to do next.')),
      ];
  }
}

function buttonsOf({ outcome, person, isForReader, isApprover }: OtpReport): KnownBlock[] {
  const words = person.slackId === undefined ? person.email : `<@${person.slackId}>`;
  const name = isForReader ? 'yourself' : fit(person.name, 40);
  if (outcome === 'not-admitted') {
    const label = isForReader ? 'Ask for access' : 'Add this person';
    return [buttons(open('add', label, words, `${label}: ${name}`))];
  }
  if ((outcome === 'admitted' || outcome === 'unsure') && isApprover) {
    return [
      buttons(open('otp-reset', 'Reset', words, `Reset the sign-in of ${name}`)),
      note('It signs out everywhere. You read the plan before anything happens.'),
    ];
  }
  return [];
}

function open(action: string, label: string, words: string, forScreenReaders: string): Button {
  return button(label, openAction(action), words, { accessibility_label: fit(forScreenReaders, 75) });
}
