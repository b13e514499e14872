import { ticketOf, type Request } from '../core/request.ts';
import { button, buttons, header, note, plainSection } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import { openAction } from './ids.ts';
import type { Message } from './message.ts';
import { code, line, list, rich } from './rich.ts';

/** Where the token is, to whoever wants to export logs into a bucket. */
export function exportChallenge(request: Request, filename: string): Message {
  const file = fit(filename, 280);
  const says = `Cloudflare wrote a file into the bucket: ${file}. Copy the token that stands in it, and type it here.`;
  return {
    text: escapeToFit(`${request.id}: ${says}`, 1500),
    blocks: [
      header('Show that the bucket is yours'),
      plainSection(`Cloudflare exports logs only to those who can read the bucket (${request.id}).`),
      rich(
        list('ordered', [
          ['Open this file in the bucket: ', code(file)],
          ['Copy everything in it.'],
          ['Press the button, and paste it.'],
        ]),
      ),
      buttons(
        button('Type the token', openAction('export-confirm'), ticketOf(request), {
          style: 'primary',
          accessibility_label: `Type the token of ${request.id}`,
        }),
      ),
      rich(line('After that another approver decides. If you get this message twice, the newest file counts.')),
      note('The token shows that you may use the bucket. Don’t post it anywhere.'),
    ],
  };
}
