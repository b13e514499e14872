import type { Action, IntroLine } from '../core/action.ts';
import { isKnownError } from '../core/errors.ts';
import { within } from '../core/within.ts';
import { fitIntro } from '../slack/intro.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';

/** Whoever opened the form waits for it. */
const READ_WITHIN_MS = 4_000;
const WITHOUT = 'So I can’t show how it is now. You can fill in the form all the same.';

/** What the form says above its fields, or a sentence about why it does not. */
export interface FormIntro {
  readonly intro?: readonly IntroLine[];
  readonly notice?: string;
}

/** Reads the account for the intro of a form. Never throws: the form can do without. */
export async function readIntro(desk: Pick<Desk, 'cloudflare' | 'onBug'>, action: Action): Promise<FormIntro> {
  if (action.intro === undefined) return {};
  const tooSlow = { notice: `Cloudflare takes too long to answer. ${WITHOUT}` };
  return within(READ_WITHIN_MS, read(desk, action.intro), () => tooSlow);
}

async function read(desk: Pick<Desk, 'cloudflare' | 'onBug'>, intro: NonNullable<Action['intro']>): Promise<FormIntro> {
  try {
    return { intro: fitIntro(intro.lines(await desk.cloudflare.snapshot(intro.scope))) };
  } catch (error) {
    return { notice: `${isKnownError(error) ? error.message : explain(error, desk)} ${WITHOUT}` };
  }
}
