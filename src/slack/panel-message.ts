import { button, buttons, plainSection } from './blocks.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';

const SAYS =
  'Is a laptop lost or stolen? Press the button at once, at any hour: it is cut off from Open Chat Studio within seconds.';

/** To be pinned in a channel. */
export function panelMessage(): Message {
  return {
    text: SAYS,
    blocks: [
      plainSection(SAYS),
      buttons(button('Report a lost device', openAction('lost'), 'lost', { style: 'danger' })),
    ],
  };
}
