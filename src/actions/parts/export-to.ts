import type { z } from 'zod';
import { defineAction, type Action } from '../../core/action.ts';
import { placeOf, type Destination } from '../../core/export-destination.ts';
import type { ExportedLogs } from '../../core/export-job.ts';
import type { SecretReference } from '../../core/vault.ts';
import { logpushDestination } from '../../steps/logpush-destination.ts';
import { exportScope, logsName, planExport } from './export-plan.ts';

interface ExportTo<Input> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly input: z.ZodObject & z.ZodType<Input>;
  /** In the one spelling that it has in Cloudflare too. */
  readonly destination: (input: Input) => Destination;
  /** By name, as `destinationConf` wants them. */
  readonly secrets: (input: Input) => Readonly<Record<string, SecretReference>>;
}

/** An export to a destination that takes whoever has its keys: all of it is typed, approved and carried out at once. */
export function exportTo<Input extends { readonly logs: ExportedLogs }>({
  destination,
  secrets,
  ...told
}: ExportTo<Input>): Action {
  return defineAction<Input>({
    ...told,
    usage: '',
    examples: [],
    effect: 'change',
    mayAsk: 'approver',
    approvals: () => 'configured',
    offeredBy: 'logs export',
    describe: (input) => `Export the ${logsName(input.logs)} to ${placeOf(destination(input))}`,
    beneficiaries: () => [],
    scope: ({ logs }) => exportScope(logs),
    plan: (input, snapshot) => {
      const keyed = { destination: destination(input), secrets: secrets(input) };
      return planExport({ logs: input.logs, ...keyed }, snapshot, [logpushDestination.with(keyed)]);
    },
  });
}
