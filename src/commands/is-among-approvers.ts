import type { Actor } from '../core/person.ts';
import type { Desk } from './desk.ts';
import { inTime } from './in-time.ts';

const SLACK_WITHIN_MS = 2_000;

/**
 * Whether somebody is shown what approvers are shown; nothing is decided by it. Never throws: where Slack fails or is slow
 * they see what everybody sees. `fresh` asks Slack now.
 */
export async function isAmongApprovers(
  { directory }: Pick<Desk, 'directory'>,
  { slackId }: Actor,
  options: { readonly fresh?: boolean } = {},
): Promise<boolean> {
  const approvers = await inTime<ReadonlySet<string>>(directory.approvers(options), new Set(), SLACK_WITHIN_MS);
  return approvers.has(slackId);
}
