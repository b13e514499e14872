import type { Button } from '@slack/types';
import { button } from './blocks.ts';
import { openAction } from './ids.ts';

/** Opens the plan of a restart, which whoever presses it confirms. */
export function restartButton({ isUrgent }: { readonly isUrgent: boolean }): Button {
  return button('Restart', openAction('tunnel-restart'), 'tunnel-restart', {
    accessibility_label: 'Restart the tunnel',
    ...(isUrgent ? { style: 'danger' } : {}),
  });
}
