import { z } from 'zod';
import { flatten } from '../../core/plan.ts';
import type { Request } from '../../core/request.ts';
import { PolicyRef, type ListItem } from '../../core/snapshot.ts';
import { listItems } from '../../steps/list-items.ts';
import { policyEmails } from '../../steps/policy-emails.ts';

/** An exclude rule that keeps one person out of a policy. */
export const Bar = z.object({ policy: PolicyRef, policyName: z.string(), opens: z.string() });
export type Bar = z.infer<typeof Bar>;

const Struck = z.object({ items: z.array(z.object({ value: z.string(), description: z.string() })) });

/** What the report of a lost device took from its owner, as far as this very request did it, so that it can be given back. */
interface Taken {
  readonly serial: ListItem | undefined;
  readonly bars: readonly Bar[];
}

export function takenByLoss(request: Request): Taken {
  const changed = (request.plan === undefined ? [] : flatten(request.plan)).filter(
    (_step, index) => request.steps[index]?.changed === true,
  );
  const argsOf = (id: string): unknown[] => changed.filter(({ step }) => step === id).map(({ args }) => args);
  const [serial] = argsOf(listItems.id).flatMap((args) => Struck.parse(args).items);
  return { serial, bars: argsOf(policyEmails.id).map((args) => Bar.parse(args)) };
}
