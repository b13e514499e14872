import { nameOf } from '../core/person.ts';
import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { ids } from './ids.ts';
import type { Message } from './message.ts';
import { requesterName } from './people.ts';
import { line, quote, rich, who } from './rich.ts';
import { time } from './time.ts';

/** Asks a colleague for their device; once they have answered, or it is over, it says so and has no button any more. */
export function inviteMessage(request: Request): Message {
  const name = escapeToFit(requesterName(request), 200);
  const asker = who(request.requester);
  if (request.status !== 'waiting') return after(request, name);
  const why = request.reason === '' ? [] : [rich(line('The reason given:'), quote(request.reason))];
  return {
    text: `${name} asks for your access to Open Chat Studio. I need the serial number of your computer: open this message and press the button.`,
    blocks: [
      rich(line(asker, ' has asked that you get access to Open Chat Studio.')),
      ...why,
      plainSection(
        'Only computers that we know are let in, so I need the serial number of yours. The form says where to find it. It takes about a minute.',
      ),
      buttons(
        button('Type my serial number', ids.inviteOpen, ticketOf(request), {
          style: 'primary',
          accessibility_label: `Type my serial number for ${request.id}`,
        }),
      ),
      note(`${request.id}. Please answer before ${time(request.expiresAt)}; after that it has to be asked again.`),
    ],
  };
}

function after(request: Request, name: string): Message {
  const reader = nameOf(request.waitsFor?.from ?? {});
  const thanks = `Thank you, ${escapeToFit(reader, 100)}. Your serial number is in.`;
  const next = NEXT[request.status] ?? 'I write to you when you can sign in.';
  const isOff = request.status === 'withdrawn' || request.status === 'expired' || request.status === 'denied';
  const says = isOff ? `${next} You need not do anything. Ask ${name} if you have questions.` : `${thanks} ${next}`;
  return {
    text: `${request.id}: ${says}`,
    blocks: [plainSection(unescaped(request, isOff, reader, next)), note(request.id)],
  };
}

function unescaped(request: Request, isOff: boolean, reader: string, next: string): string {
  if (isOff) return `${next} You need not do anything. Ask ${requesterName(request)} if you have questions.`;
  return `Thank you, ${reader}. Your serial number is in. ${next}`;
}

const NEXT: Partial<Record<Request['status'], string>> = {
  pending: 'Now an approver looks at it. I write to you when you can sign in.',
  approved: 'It is approved. I write to you in a moment with what to do next.',
  running: 'It is approved. I write to you in a moment with what to do next.',
  done: 'You have access now: my other message says how to sign in.',
  failed: 'Something went wrong on the way. Whoever asked for your access knows.',
  denied: 'This request was denied.',
  withdrawn: 'This request was withdrawn.',
  expired: 'This request has expired.',
};
