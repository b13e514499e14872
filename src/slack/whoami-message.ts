import type { Button, KnownBlock } from '@slack/types';
import { duration } from '../core/duration.ts';
import type { EnrolledDevice } from '../core/fields.ts';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { headline } from './headline.ts';
import { FOR_ONESELF, ids, openAction } from './ids.ts';
import type { Message } from './message.ts';
import { bold, line, list, rich, when, type Part } from './rich.ts';
import { deviceLabel } from './suggestions.ts';
import { lastMoment } from './time.ts';

/** How long a sign-in lasts, in milliseconds. */
export interface SignInLength {
  /** `warp`: being signed in to WARP is enough. Without `ms` Cloudflare does not say. */
  readonly by: 'code' | 'warp';
  readonly ms: number | undefined;
  /** WARP asks for a sign-in of its own after so long. */
  readonly networkMs: number | undefined;
}

/** What somebody has here. What could not be read is undefined, and said in `gaps`. */
export interface Whoami {
  readonly email: string;
  readonly access: { readonly verdict: 'yes' | 'no' | 'unknown'; readonly says: string } | undefined;
  /** The policy asks for a checked computer too. */
  readonly needsDevice: boolean;
  /** Epoch milliseconds. `never`: no end date is set. */
  readonly endsAt: number | 'never' | undefined;
  readonly devices: readonly { readonly device: EnrolledDevice; readonly lastSeenAt: number | undefined }[] | undefined;
  /** `none`: Cloudflare knows of no sign-in. */
  readonly lastSignIn: number | 'none' | undefined;
  readonly signIn: SignInLength | undefined;
  /** Not over yet. */
  readonly requests: readonly Request[] | undefined;
  readonly gaps: readonly string[];
}

const DEVICES = 10;
const REQUESTS = 5;

/** What access somebody has, to themselves. */
export function whoamiMessage(me: Whoami): Message {
  const { email, access, gaps } = me;
  return {
    text: escapeToFit(`${email}: ${access?.says ?? 'Whether you have access could not be read.'}`, 2500),
    blocks: [
      header(HEADINGS[access?.verdict ?? 'not-read']),
      rich(line('You are ', bold(email), '.', access === undefined ? '' : ` ${fit(access.says, 900)}`)),
      ...accessLines(me),
      ...deviceBlocks(me),
      ...requestBlocks(me),
      ...gaps.slice(0, 5).map((gap) => rich(line(bold('⚠️ Missing:'), ` ${fit(gap, 600)}`))),
      ...buttonBlocks(me),
      note('No sign-in code? Type /ocs-access otp.'),
    ],
  };
}

const HEADINGS = {
  yes: '✅ You have access',
  no: '❌ You have no access',
  unknown: '⚠️ I can’t tell whether you have access',
  'not-read': '⚠️ Your access could not be read',
} as const;

/** Until when, and how signing in works for them. Nothing of that for somebody without access. */
function accessLines({ access, needsDevice, endsAt, lastSignIn, signIn }: Whoami): KnownBlock[] {
  if (access?.verdict === 'no') return [];
  const items: Part[][] = [
    ...(endsAt === undefined || (endsAt === 'never' && access === undefined) ? [] : [endLine(endsAt)]),
    ...(lastSignIn === undefined ? [] : [lastLine(lastSignIn)]),
    ...(signIn === undefined ? [] : lengthLines(signIn)),
    ...(needsDevice ? [['You need a known computer, with WARP switched on.']] : []),
  ];
  return items.length === 0 ? [] : [rich(list('bullet', items))];
}

function endLine(endsAt: number | 'never'): Part[] {
  return endsAt === 'never' ? ['Your access has no end date.'] : ['Your access ends ', when(lastMoment(endsAt)), '.'];
}

function lastLine(lastSignIn: number | 'none'): Part[] {
  return lastSignIn === 'none'
    ? ['You have not signed in yet, as far as Cloudflare knows.']
    : ['You last signed in ', when(lastSignIn), '.'];
}

function lengthLines({ by, ms, networkMs }: SignInLength): Part[][] {
  const code =
    ms === undefined
      ? []
      : [
          by === 'code'
            ? `You are asked for a new code every ${duration(ms)}.`
            : `WARP signs you in, without a code, for ${duration(ms)}.`,
        ];
  const network = networkMs === undefined ? [] : [`WARP itself asks you to sign in every ${duration(networkMs)}.`];
  return [...code, ...network].map((words) => [words]);
}

function deviceBlocks({ access, devices }: Whoami): KnownBlock[] {
  if (devices === undefined || (devices.length === 0 && access?.verdict === 'no')) return [];
  if (devices.length === 0) return [plainSection('No computer of yours is known here.')];
  const items = devices
    .slice(0, DEVICES)
    .map(({ device, lastSeenAt }): Part[] => [
      deviceLabel(device),
      ...(device.id === undefined
        ? [': registered, not connected yet']
        : lastSeenAt === undefined
          ? []
          : [', last seen ', when(lastSeenAt)]),
    ]);
  const rest = devices.length - DEVICES;
  return [rich(line(bold('Your computers')), list('bullet', rest > 0 ? [...items, [`and ${rest} more`]] : items))];
}

function requestBlocks({ requests = [] }: Whoami): KnownBlock[] {
  const rest = requests.length - REQUESTS;
  return [
    ...(requests.length === 0 ? [] : [rich(line(bold('Open requests')))]),
    ...requests.slice(0, REQUESTS).map((request) => ({
      ...plainSection(`${headline(request)}: ${fit(request.says, 200)}.`, 400),
      accessory: button('Details', ids.details, ticketOf(request), { accessibility_label: `Details of ${request.id}` }),
    })),
    ...(rest > 0 ? [plainSection(`And ${rest} more: /ocs-access requests lists what is open.`)] : []),
  ];
}

function buttonBlocks({ access, endsAt, devices = [] }: Whoami): KnownBlock[] {
  const shown: Button[] = [
    ...(access?.verdict === 'no'
      ? [button('Ask for access', openAction('add'), FOR_ONESELF, { style: 'primary' })]
      : typeof endsAt === 'number'
        ? [button('Extend', openAction('extend'), FOR_ONESELF, { accessibility_label: 'Ask for a later end date' })]
        : []),
    ...(devices.length === 0 ? [] : [button('Report a lost device', openAction('lost'), 'lost', { style: 'danger' })]),
  ];
  return shown.length === 0 ? [] : [buttons(...shown)];
}
