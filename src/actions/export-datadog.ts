import { z } from 'zod';
import { defineAction } from '../core/action.ts';
import { placeOf } from '../core/export-destination.ts';
import { choiceField, secretField } from '../core/fields.ts';
import { logpushDestination } from '../steps/logpush-destination.ts';
import { logsField, whyField } from './parts/export-fields.ts';
import { exportScope, logsName, planExport } from './parts/export-plan.ts';

const SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
] as const;

export const exportDatadog = defineAction({
  id: 'export-datadog',
  title: 'Export logs to Datadog',
  summary: 'Have Cloudflare deliver logs to Datadog.',
  usage: '',
  examples: [],
  effect: 'change',
  mayAsk: 'approver',
  approvals: () => 'configured',
  offeredBy: 'logs export',
  input: z.object({
    logs: logsField(),
    site: choiceField(SITES, {
      label: 'Site',
      hint: 'What stands in the address bar when you use Datadog.',
      options: SITES.map((site) => ({ value: site, text: site })),
    }),
    apiKey: secretField({ label: 'API key' }),
    reason: whyField(),
  }),
  describe: ({ logs, site }) => `Export the ${logsName(logs)} to ${placeOf({ kind: 'datadog', site })}`,
  beneficiaries: () => [],
  scope: ({ logs }) => exportScope(logs),
  plan: ({ logs, site, apiKey }, snapshot) => {
    const keyed = { destination: { kind: 'datadog' as const, site }, secrets: { apiKey } };
    return planExport({ logs, ...keyed }, snapshot, [logpushDestination.with(keyed)]);
  },
});
