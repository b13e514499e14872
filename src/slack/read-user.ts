import { z } from 'zod';
import type { Member } from '../core/approval.ts';
import { isTimeZone } from '../core/local-time.ts';
import { EmailAddress, type Actor } from '../core/person.ts';

/** What we read of a Slack user. */
export const SlackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  tz: z.string().optional(),
  enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
  profile: z
    .object({ email: z.string().optional(), real_name: z.string().optional(), display_name: z.string().optional() })
    .optional(),
});
export type SlackUser = z.infer<typeof SlackUser>;

export interface Known {
  readonly member: Member;
  readonly actor: Actor;
}

export function readUser(user: SlackUser, ourTeam: string): Known {
  const { id, profile } = user;
  const email = EmailAddress.safeParse(profile?.email);
  // On an Enterprise Grid the user's own `team_id` may be another of their workspaces.
  const teamId = isOfTeam(user, ourTeam) ? ourTeam : (user.team_id ?? 'unknown');
  const name = [profile?.real_name, user.real_name, profile?.display_name, user.name].find(
    (one) => one !== undefined && one.trim() !== '',
  );
  return {
    member: { slackId: id, teamId, standing: standingOf(user, ourTeam), ...zoneOf(user) },
    actor: { slackId: id, teamId, name: name ?? id, ...(email.success ? { email: email.data } : {}) },
  };
}

function isOfTeam({ team_id, enterprise_user }: SlackUser, ourTeam: string): boolean {
  return team_id === ourTeam || enterprise_user?.teams?.includes(ourTeam) === true;
}

/** Slack knows zones by names that this Node may not know. */
function zoneOf({ tz }: SlackUser): Pick<Member, 'timeZone'> {
  return tz === undefined || !isTimeZone(tz) ? {} : { timeZone: tz };
}

/** Slack's own bot says of itself that it is none. */
const SLACKBOT = 'USLACKBOT';

function standingOf(user: SlackUser, ourTeam: string): Member['standing'] {
  if (!isOfTeam(user, ourTeam) || user.is_stranger === true) return 'foreign';
  if (user.deleted === true) return 'deactivated';
  if (user.is_bot === true || user.is_workflow_bot === true || user.id === SLACKBOT) return 'bot';
  if (user.is_restricted === true || user.is_ultra_restricted === true) return 'guest';
  return 'member';
}
