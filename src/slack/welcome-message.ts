import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { Post } from '../core/post.ts';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { ids } from './ids.ts';
import type { Message } from './message.ts';
import { bold, code, line, link, list, rich, type Part } from './rich.ts';

export type Welcome = Pick<
  Extract<Post, { kind: 'welcome' }>,
  'isForReader' | 'email' | 'name' | 'teamName' | 'appUrl' | 'isReplacement' | 'emails'
>;

const DOWNLOAD = 'https://one.one.one.one';

/** How to get in: for the new colleague, or for whoever asked, to pass on to somebody who is not in Slack. */
export function welcomeMessage(request: Request, welcome: Welcome): Message {
  if (welcome.isForReader) return forReader(request, welcome);
  return welcome.emails === undefined ? toPassOn(request, welcome) : toPassOnToAll(request, welcome, welcome.emails);
}

function forReader(request: Request, welcome: Welcome): Message {
  return welcome.isReplacement ? replacementForReader(request, welcome) : newcomer(request, welcome);
}

/** They have had access before and know the rest. */
function replacementForReader(request: Request, welcome: Welcome): Message {
  return {
    text: `Your device is let in now. Three steps on it and you are back: install Cloudflare WARP from ${DOWNLOAD}, sign in to the team ${escapeToFit(welcome.teamName, 200)} as ${escapeToFit(welcome.email, 260)}, switch it on. Open this message for the details.`,
    blocks: [
      header('💻 Your device is let in now'),
      plainSection('Once, on the computer whose serial number we have now. Everything else is as you know it.'),
      ...steps(welcome),
      ...troubles(welcome),
      feedbackButtons(request),
    ],
  };
}

function newcomer(request: Request, welcome: Welcome): Message {
  return {
    text: `You have access to Open Chat Studio now. Five steps on your computer and you are in: install Cloudflare WARP from ${DOWNLOAD}, sign in to the team ${escapeToFit(welcome.teamName, 200)} as ${escapeToFit(welcome.email, 260)}, switch it on, open ${escapeToFit(welcome.appUrl, 500)}. Open this message for the details.`,
    blocks: [
      header('👋 You have access to Open Chat Studio'),
      plainSection(
        'It is not on the open internet: a small program called WARP brings your computer to it. Once, on the computer whose serial number we have:',
      ),
      ...steps(welcome),
      ...troubles(welcome),
      feedbackButtons(request),
    ],
  };
}

function feedbackButtons(request: Request): ActionsBlock {
  const ticket = ticketOf(request);
  return buttons(
    button('I’m in', ids.welcomeIn, ticket, { style: 'primary', accessibility_label: 'I’m in: it works' }),
    button('It doesn’t work', ids.welcomeStuck, ticket, {
      accessibility_label: 'It doesn’t work: tell whoever asked for my access',
    }),
  );
}

/** So many addresses are shown; a message has room for them all only up to a point. */
const ADDRESSES = 2500;

function toPassOnToAll(request: Request, welcome: Welcome, emails: readonly string[]): Message {
  const { shown, rest } = firstWithin(emails, ADDRESSES, ({ length }) => length + 2);
  const more = rest.length === 0 ? '' : ` and ${rest.length} more, as they stand in your list`;
  return {
    text: `${emails.length} people have access now (${request.id}), but I can’t reach them in Slack. Please pass the steps in this message on to them.`,
    blocks: [
      header(`👋 ${emails.length} people have access: please pass this on`),
      plainSection('I can’t reach them in Slack. Please send each of them what follows, below the line:'),
      rich(line(`${shown.join(', ')}${more}`)),
      { type: 'divider' },
      plainSection('You have access to Open Chat Studio. Once, on the computer whose serial number we have:'),
      ...steps(welcome),
      ...troubles(welcome),
    ],
  };
}

function toPassOn(request: Request, welcome: Welcome): Message {
  const name = fit(welcome.name, 80);
  const what = welcome.isReplacement ? 'can connect their device now' : 'has access now';
  return {
    text: `${escapeToFit(welcome.name, 200)} ${what} (${request.id}), but I can’t reach them in Slack. Please pass the steps in this message on to ${escapeToFit(welcome.email, 260)}.`,
    blocks: [
      header(`👋 ${name} ${welcome.isReplacement ? 'can connect their device' : 'has access'}: please pass this on`),
      plainSection(`I can’t reach ${name} in Slack. Please send them what follows, to ${fit(welcome.email, 254)}.`),
      { type: 'divider' },
      plainSection(
        `${welcome.isReplacement ? 'Your device is let in to Open Chat Studio now' : 'You have access to Open Chat Studio'}. Once, on the computer whose serial number we have:`,
      ),
      ...steps(welcome),
      ...troubles(welcome),
    ],
  };
}

function team(teamName: string): Part[] {
  return [
    'In WARP choose ',
    bold('Preferences'),
    ' > ',
    bold('Account'),
    ' > ',
    bold('Login with Cloudflare Zero Trust'),
    ', and type the team name ',
    code(teamName),
    '.',
  ];
}

function signIn(email: string): Part[] {
  return [
    'A page opens. Type your e-mail ',
    ...yours(email),
    '. You get a code by e-mail: type it in. If it does not come, look in the spam folder, wait 60 seconds and press ',
    bold('Resend code'),
    '.',
  ];
}

/** Without one it is for several people, each with their own. */
function yours(email: string): Part[] {
  return email === '' ? ['(the address that this was sent to)'] : [code(email)];
}

function steps({ email, teamName, appUrl, isReplacement }: Welcome): KnownBlock[] {
  const items: Part[][] = [
    ['Download WARP from ', link(DOWNLOAD), ', install it and open it.'],
    ...(isReplacement ? [[...team(teamName), ' ', ...signIn(email)]] : [team(teamName), signIn(email)]),
    ['Switch WARP on. It has to say ', bold('Connected'), '.'],
    ...(isReplacement ? [] : [['In your browser open ', address(appUrl), ' and sign in with the same e-mail.']]),
  ];
  return [rich(list('ordered', items))];
}

/** Only what a browser can open is a link; anything else is shown as it is. */
function address(appUrl: string): Part {
  return /^https?:\/\/[^\s|<>]+$/.test(appUrl) ? link(appUrl) : code(appUrl);
}

function hasPort(appUrl: string): boolean {
  return /:\d+(\/|$)/.test(appUrl);
}

function troubles({ email, appUrl }: Welcome): KnownBlock[] {
  const items: Part[][] = [
    ['Wait up to ten minutes after switching WARP on: the first check of a computer can take that long.'],
    ['Switch WARP off and on again, then reload the page.'],
    ['Use the same e-mail in both places', ...(email === '' ? [] : [': ', code(email)]), '.'],
    [
      'The page can’t be found? It exists only while WARP says ',
      bold('Connected'),
      `.${hasPort(appUrl) ? ' Type the whole address, with the number after the colon.' : ''}`,
    ],
    ['Make sure that this is the computer whose serial number we have: no other is let in.'],
  ];
  return [rich(line(bold('If it doesn’t work')), list('bullet', items))];
}
