import type { KnownBlock } from '@slack/types';
import type { Request } from '../core/request.ts';
import { bold, line, lines, quote, rich, when, who, type Part } from './rich.ts';

const SHOWN = 4;

/** Who has decided what so far, when and why; nothing while nobody has. */
export function decisionBlocks(request: Request): KnownBlock[] {
  const { denial } = request;
  if (denial === undefined) return decidedBlocks(request);
  return [...decidedBlocks(request), rich(line('Reason of the denial:'), quote(denial.reason))];
}

/** The same without the reasons: the outcome message has them. */
export function decidedBlocks(request: Request): KnownBlock[] {
  const { denial, status, requester, finishedAt } = request;
  const at = finishedAt === undefined ? [] : [', ', when(finishedAt)];
  const decided: Part[][] = [
    ...approvalLines(request),
    ...(denial === undefined ? [] : [[bold('Denied'), ' by ', who(denial.by), ', ', when(denial.at)]]),
    ...(status === 'withdrawn' ? [[bold('Withdrawn'), ' by ', who(requester), ...at]] : []),
    ...(status === 'expired' ? [[bold('Expired'), ...at, '. Nobody decided in time.']] : []),
  ];
  return decided.length === 0 ? [] : [lines(...decided)];
}

function approvalLines({ approvals, approvalsNeeded }: Request): Part[][] {
  const before = Math.max(0, approvals.length - SHOWN);
  return approvals
    .slice(before)
    .map(({ by, at, ownRequest }, index): Part[] => [
      bold(approvalsNeeded > 1 ? `Approval ${before + index + 1} of ${approvalsNeeded}` : 'Approved'),
      ' by ',
      who(by),
      ', ',
      when(at),
      ...(ownRequest ? [', ', bold('their own request')] : []),
    ]);
}
