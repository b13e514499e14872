import type { Action } from '../core/action.ts';
import { add } from './add.ts';

/** Everything that the bot can do, in the order in which help lists it. */
export const actions: readonly Action[] = [add];
