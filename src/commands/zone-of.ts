import type { Member } from '../core/approval.ts';
import type { Desk } from './desk.ts';

/** The time zone in which somebody means what they type: their own, as Slack shows them all times in it. */
export function zoneOf({ timeZone }: Pick<Member, 'timeZone'>, { settings }: Pick<Desk, 'settings'>): string {
  return timeZone ?? settings.timeZone;
}
