import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { Action, IntroLine } from '../core/action.ts';
import type { Plan } from '../core/plan.ts';
import { capped, note, plain, plainSection } from './blocks.ts';
import { fit } from './fit.ts';
import { shownSteps } from './group-steps.ts';
import { ids } from './ids.ts';
import { fitIntro, Intro } from './intro.ts';
import { leftOutBlocks } from './left-out.ts';
import { stepList, warningBlocks } from './plan-list.ts';
import { bold, line, rich } from './rich.ts';

export interface ConfirmViewOptions {
  readonly action: Action;
  /** The action’s sentence. */
  readonly says: string;
  readonly plan: Plan;
  readonly planHash: string;
  readonly approvalsNeeded: number;
  /** Names the draft under which the typed values are kept. */
  readonly draftId: string;
  /** A sentence above it: `Things changed since you read this.` */
  readonly notice?: string;
  /** Of the form, for when it is shown again. */
  readonly intro?: readonly IntroLine[];
}

const Metadata = z.object({
  draftId: z.string(),
  action: z.string(),
  planHash: z.string(),
  intro: Intro.exactOptional(),
});
const BLOCKS = 60;

/** The plan, to be read and confirmed by whoever asks: for something that needs nobody else, or that has no form. */
export function confirmView(options: ConfirmViewOptions): ModalView {
  const { action, says, plan, planHash, approvalsNeeded, draftId, notice } = options;
  const intro = fitIntro(options.intro ?? []);
  const blocks: KnownBlock[] = [
    ...(notice === undefined ? [] : [plainSection(`⚠️ ${notice}`)]),
    rich(line(bold(`${fit(says, 290)}?`))),
    ...warningBlocks({ plan }),
    ...stepList('What will be done', shownSteps({ plan, steps: [] })),
    ...leftOutBlocks(plan),
    note(`Nothing has been done yet. ${whoDecides(approvalsNeeded)}`),
  ];
  return {
    type: 'modal',
    callback_id: ids.confirmSubmit,
    private_metadata: JSON.stringify({
      draftId,
      action: action.id,
      planHash,
      ...(intro.length === 0 ? {} : { intro }),
    }),
    title: plain(action.title, 24),
    submit: plain(approvalsNeeded > 0 ? 'Ask for approval' : `${firstWord(action.title)} now`, 24),
    close: plain('Cancel', 24),
    notify_on_close: true,
    blocks: capped(blocks, BLOCKS, 'There is more than fits here. The audit log holds all of it.'),
  };
}

/** Throws a ZodError for metadata that is not ours. */
export function readConfirmMetadata(privateMetadata: string): z.infer<typeof Metadata> {
  return Metadata.parse(JSON.parse(privateMetadata));
}

function whoDecides(approvalsNeeded: number): string {
  if (approvalsNeeded === 0) return 'It needs nobody’s approval and begins when you press the button.';
  return approvalsNeeded === 1
    ? 'An approver decides: it begins when they have said yes.'
    : `${approvalsNeeded} approvers decide: it begins when all of them have said yes.`;
}

function firstWord(title: string): string {
  return fit(title, 200).split(' ')[0]?.slice(0, 15) || 'Do it';
}
