import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { IntroLine } from '../core/action.ts';
import { note } from './blocks.ts';
import { firstWithin } from './first-within.ts';
import { fit } from './fit.ts';
import { bold, lines } from './rich.ts';

/** As a form carries it along. */
export const Intro = z.array(z.object({ label: z.string(), value: z.string(), detail: z.string().exactOptional() }));

/** Characters of JSON: a form carries its intro along, in the 3,000 that Slack leaves for what we keep in a view. */
const CARRIED = 2600;
/** Less, so that what was shortened once stays as it is. */
const SHORTENED = 2400;

/** The lines as a form can carry them: those that are too many are counted. */
export function fitIntro(intro: readonly IntroLine[]): IntroLine[] {
  const fitted = intro.map(({ label, value, detail }) => ({
    label: fit(label, 80),
    value: fit(value, 150),
    ...(detail === undefined ? {} : { detail: fit(detail, 300) }),
  }));
  if (JSON.stringify(fitted).length <= CARRIED) return fitted;
  const { shown, rest } = firstWithin(fitted, SHORTENED, (line) => JSON.stringify(line).length + 1);
  return [...shown, { label: `And ${rest.length} more`, value: 'too many to be shown here' }];
}

/** How things are, above the fields of a form. */
export function introBlocks(intro: readonly IntroLine[]): KnownBlock[] {
  if (intro.length === 0) return [];
  return [
    note('How it is now:'),
    ...intro.map(({ label, value, detail = '' }) =>
      lines([bold(`${label}:`), ` ${value}`], ...(detail === '' ? [] : [[detail]])),
    ),
    { type: 'divider' },
  ];
}
