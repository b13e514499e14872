import type { Step } from '../core/step.ts';
import { addToList } from './add-to-list.ts';
import { allowEmail } from './allow-email.ts';
import { sendWelcome } from './send-welcome.ts';

/** Every effect that a plan may hold. */
export const steps: readonly Step[] = [addToList, allowEmail, sendWelcome];
