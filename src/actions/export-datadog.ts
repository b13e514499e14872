import { z } from 'zod';
import { choiceField, secretField } from '../core/fields.ts';
import { logsField } from './parts/export-fields.ts';
import { exportTo } from './parts/export-to.ts';
import { whyField } from './parts/usual-fields.ts';

const SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
] as const;

export const exportDatadog = exportTo({
  id: 'export-datadog',
  title: 'Export logs to Datadog',
  summary: 'Have Cloudflare deliver logs to Datadog.',
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
  destination: ({ site }) => ({ kind: 'datadog', site }),
  secrets: ({ apiKey }) => ({ apiKey }),
});
