import type { AccessChange } from '../../core/access-change.ts';
import type { Asking } from '../../core/action.ts';
import { choiceField } from '../../core/fields.ts';
import type { Scope } from './revocation.ts';

/** What is taken away: the field that revoking one person and revoking several have in common. */
export function scopeField() {
  return choiceField(['everything', 'devices'], {
    label: 'What is taken away?',
    options: [
      {
        value: 'everything',
        text: 'Everything',
        description: 'Access, devices, sessions and the seat. For somebody who leaves.',
      },
      { value: 'devices', text: 'Devices only', description: 'They keep access and can come in with another device.' },
    ],
  });
}

/** Taking away waits for nobody when an approver asks, or the bot itself at an end date. */
export function approvalsToRevoke({ isApprover, isSystem }: Asking): number {
  return isApprover || isSystem ? 0 : 1;
}

/** Without their devices people keep their access. */
export function lossOf(scope: Scope): AccessChange | undefined {
  return scope === 'everything' ? 'taken-away' : undefined;
}

/** `Revoke all access`, to be followed by whose. */
export function whatIsRevoked(scope: Scope): string {
  return scope === 'everything' ? 'Revoke all access' : 'Revoke the devices';
}
