import type { HealthLine } from '../core/health.ts';
import { header, note } from './blocks.ts';
import { escapeToFit } from './escape.ts';
import { fit } from './fit.ts';
import type { Message } from './message.ts';
import { bold, list, rich, type Part } from './rich.ts';

const SHOWN = 30;

/** How everything is that the bot needs. */
export function statusMessage(lines: readonly HealthLine[]): Message {
  const broken = lines.filter(({ ok }) => !ok);
  const summary =
    broken.length === 0
      ? 'Everything works.'
      : `${broken.length} of ${lines.length} ${broken.length === 1 ? 'is' : 'are'} not well.`;
  const shown = [...broken, ...lines.filter(({ ok }) => ok)].slice(0, SHOWN);
  const each = shown.map(({ name, ok, says }) => `${fit(name, 80)}: ${ok ? '' : 'not well, '}${fit(says, 300)}.`);
  return {
    text: escapeToFit([summary, ...each].join(' '), 2500),
    blocks: [
      header(broken.length === 0 ? '✅ Everything works' : `⚠️ ${summary}`),
      ...(shown.length === 0 ? [] : [rich(list('bullet', shown.map(entry)))]),
      ...(broken.length === 0 ? [] : [note('Tell your operator about what is not well.')]),
    ],
  };
}

function entry({ name, ok, says }: HealthLine): Part[] {
  return [
    bold(`${ok ? '✅' : '❌'} ${fit(name, 80)}: ${ok ? 'well' : 'not well'}`),
    says === '' ? '' : `, ${fit(says, 300)}`,
  ];
}
