import { z } from 'zod';
import { lineField, secretField } from '../core/fields.ts';
import { logsField } from './parts/export-fields.ts';
import { exportTo } from './parts/export-to.ts';
import { whyField } from './parts/usual-fields.ts';

const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+:\d{1,5}$/i;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const exportSplunk = exportTo({
  id: 'export-splunk',
  title: 'Export logs to Splunk',
  summary: 'Have Cloudflare deliver logs to the HTTP Event Collector of a Splunk.',
  input: z.object({
    logs: logsField(),
    host: lineField(
      { label: 'Host and port', hint: 'Of the HTTP Event Collector, such as splunk.lantern.example:8088.' },
      {
        valid: HOST,
        says: 'Write a name and a port, without https:// and without a path: splunk.lantern.example:8088.',
      },
    ),
    channel: lineField(
      { label: 'Channel', hint: 'Any GUID of your own. `uuidgen` makes one.' },
      { valid: GUID, says: 'A GUID looks like 7b3c1f0e-52a4-4d7e-9c1a-0f6e2d8b4a55.' },
    ),
    token: secretField({ label: 'Token', hint: 'Of the HTTP Event Collector, without the word Splunk before it.' }),
    reason: whyField(),
  }),
  destination: ({ host, channel }) => ({
    kind: 'splunk',
    host: host.toLowerCase(),
    channel: channel.toLowerCase(),
  }),
  secrets: ({ token }) => ({ token }),
});
