import type { Request } from './request.ts';

/** How people are told that what a request did is reversed. */
export interface UndoWords {
  /** `taken back` */
  readonly undone: string;
  /** `take back` */
  readonly undo: string;
  /** `taking back` */
  readonly undoing: string;
  /** `What it had … was taken back` */
  readonly given: string;
  /** `taking back what it …` */
  readonly gave: string;
  /** Somebody else had done it, or something else, before: `Gone already` */
  readonly gone: string;
  /** Whether people have to know that: what is there now is somebody else's. */
  readonly isGoneNews: boolean;
  /** It had not come about: `Nothing was left of` */
  readonly nothing: string;
}

const TAKE: UndoWords = {
  undone: 'taken back',
  undo: 'take back',
  undoing: 'taking back',
  given: 'given',
  gave: 'gave',
  gone: 'Gone already',
  isGoneNews: false,
  nothing: 'Nothing was left of',
};
const PUT: UndoWords = {
  undone: 'put back',
  undo: 'put back',
  undoing: 'putting back',
  given: 'changed',
  gave: 'changed',
  gone: 'Left as it is, because somebody else has changed it meanwhile',
  isGoneNews: true,
  nothing: 'There was nothing to put back',
};

/** What was given is taken back; what was changed is put back. */
export function undoWords({ effect }: Pick<Request, 'effect'>): UndoWords {
  return effect === 'change' ? PUT : TAKE;
}

/** All of them, for whoever has to know one when it comes. */
export const EVERY_UNDO: readonly UndoWords[] = [TAKE, PUT];
