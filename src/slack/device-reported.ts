import { deviceWord } from '../core/fields.ts';
import type { Request } from '../core/request.ts';
import { header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { deviceFacts, incidentDevice } from './incident-device.ts';
import type { Message } from './message.ts';
import { requesterName } from './people.ts';
import { bold, line, list, rich, who } from './rich.ts';
import { time } from './time.ts';

/** To the owner of a device that somebody else reported lost. */
export function deviceReported(request: Request): Message {
  const device = incidentDevice(request);
  const what = device === undefined ? 'device' : deviceWord(device);
  const asker = escapeToFit(requesterName(request), 200);
  return {
    text: `${asker} reported your ${what} lost, so it is cut off from Open Chat Studio. If you have it, tell an approver. If it is gone, change your passwords now.`,
    blocks: [
      header(`🚨 Your ${what} was reported lost`),
      rich(
        line(
          who(request.requester),
          ' reported it, so it is cut off from Open Chat Studio. You can’t get in with it any more.',
        ),
      ),
      ...(device === undefined ? [] : [plainSection(deviceFacts(device))]),
      rich(
        line(bold('If it is gone')),
        list('ordered', [
          ['Change the passwords that were saved on it, the one of your e-mail first.'],
          ['Tell your IT people, so that they lock or erase it.'],
          ['To work on another computer, ask for a replacement here: ', bold('/ocs-access replace'), '.'],
        ]),
        line(bold('If you have it')),
        list('bullet', [
          ['Tell an approver. They press “Device found”, and you are let in again after a second look.'],
        ]),
      ),
      note(`${request.id}. Reported ${time(request.createdAt)}.`),
    ],
  };
}
