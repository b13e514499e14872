import type { AccessRule } from '../../src/core/access-rules.ts';
import type { PolicyEdit } from '../../src/core/ports.ts';
import type { Policy } from '../../src/core/snapshot.ts';

export const email = (address: string): AccessRule => ({ kind: 'email', email: address });
export const domain = (name: string): AccessRule => ({ kind: 'email-domain', domain: name });
export const emailList = (listId: string): AccessRule => ({ kind: 'email-list', listId });
export const group = (groupId: string): AccessRule => ({ kind: 'group', groupId });
export const posture = (ruleId: string): AccessRule => ({ kind: 'device-posture', ruleId });
export const everyone: AccessRule = { kind: 'everyone' };
export const other = (name: string): AccessRule => ({ kind: 'other', name });

/** Addresses of people who are in already: `person-1@lanternhealth.example`, … */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person-${index + 1}@lanternhealth.example`);
}

/** The Allow policy of the application: two people by address, on a checked device. */
export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    ref: { kind: 'reusable', id: 'policy-team' },
    name: 'Team',
    decision: 'allow',
    sharedWith: [],
    include: addresses(2).map(email),
    exclude: [],
    require: [posture('posture-serials')],
    ...changes,
  };
}

export function admitting(...emails: string[]): PolicyEdit {
  return { part: 'include', emails, present: true };
}

export function dropping(...emails: string[]): PolicyEdit {
  return { part: 'include', emails, present: false };
}

export function barring(...emails: string[]): PolicyEdit {
  return { part: 'exclude', emails, present: true };
}

export function unbarring(...emails: string[]): PolicyEdit {
  return { part: 'exclude', emails, present: false };
}
