import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { bold, line, lines, quote, rich, when, who, type Part } from './rich.ts';

const SHOWN = 4;

/** Who has decided what so far, and when; nothing while nobody has. */
export function decisionBlocks(request: Request): KnownBlock[] {
  const { approvals, approvalsNeeded, denial, status, requester, finishedAt } = request;
  const blocks: KnownBlock[] = [];
  if (approvals.length > 0) {
    const before = Math.max(0, approvals.length - SHOWN);
    const shown = approvals
      .slice(before)
      .map(({ by, at, ownRequest }, index): Part[] => [
        bold(approvalsNeeded > 1 ? `Approval ${before + index + 1} of ${approvalsNeeded}` : 'Approved'),
        ' by ',
        who(by),
        ', ',
        when(at),
        ...(ownRequest ? [', ', bold('their own request')] : []),
      ]);
    blocks.push(lines(...shown));
  }
  if (denial !== undefined) {
    blocks.push(
      rich(line(bold('Denied'), ' by ', who(denial.by), ', ', when(denial.at), '. Reason:'), quote(denial.reason)),
    );
  }
  if (status === 'withdrawn') {
    blocks.push(
      lines([bold('Withdrawn'), ' by ', who(requester), ...(finishedAt === undefined ? [] : [', ', when(finishedAt)])]),
    );
  }
  if (status === 'expired') {
    const at = finishedAt === undefined ? [] : [', ', when(finishedAt)];
    blocks.push(lines([bold('Expired'), ...at, '. Nobody decided in time, and it has to be asked again.']));
  }
  return blocks;
}
