import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ExportJob } from '../../src/core/export-job.ts';
import { noExportKey } from '../../src/core/vault.ts';
import { exportChallenge } from '../../src/slack/export-challenge.ts';
import { exportMessage, type ExportPicture } from '../../src/slack/export-message.ts';
import { ASKED_AT, aRequest } from '../builders/a-request.ts';
import { anExport } from '../builders/memory-exports.ts';
import { expectWithinLimits, read } from './read.ts';

const READY = { isReady: true } as const;

const shown = (jobs: readonly ExportJob[], readiness: ExportPicture['readiness'] = READY) =>
  exportMessage({ exports: { jobs }, readiness });

it('shows each export with how it goes, and what can be done', () => {
  const jobs = [
    anExport({ deliveredUntil: ASKED_AT }),
    anExport({ id: 8, dataset: 'gateway_dns', place: 'splunk://x.example:8088', isOn: false }),
    anExport({
      id: 9,
      dataset: 'zero_trust_network_sessions',
      place: 'datadog://http-intake.logs.datadoghq.eu',
      deliveredUntil: ASKED_AT - 3_600_000,
      failure: { at: ASKED_AT, says: 'HTTP 403 <!here> for key •••' },
    }),
    anExport({ id: 10, failure: { at: undefined, says: '' } }),
    anExport({ id: 11, dataset: 'http_requests' }),
  ];

  expect(read(shown(jobs))).toMatchInlineSnapshot(`
    "# Export of logs
    ✅ Access log to s3://lantern-logs/access
    On. Delivered until 2026-11-21 11:00 UTC.
    [Pause] [Delete]
    ⏸️ Gateway log of DNS queries to splunk://x.example:8088
    Paused. Nothing was delivered yet.
    [Resume] [Delete]
    ⚠️ Log of network sessions to datadog://http-intake.logs.datadoghq.eu
    On, but its last delivery failed. Delivered until 2026-11-21 10:00 UTC.
    Last error 2026-11-21 11:00 UTC: “HTTP 403 <!here> for key •••”.
    [Pause] [Delete]
    ⚠️ Access log to s3://lantern-logs/access
    On, but its last delivery failed. Nothing was delivered yet.
    Last error: Cloudflare does not say why.
    [Pause] [Delete]
    And 1 export of other logs. The dashboard shows all of them: Zero Trust → Insights → Logs.
    New export
    [To S3] [To R2] [To Splunk] [To Datadog]
    (Another approver has to agree to each of these. Cloudflare exports logs on its Enterprise plan only.)"
  `);
  expect(shown(jobs).text).toMatchInlineSnapshot(
    `"4 logs are exported. Access log to s3://lantern-logs/access: on. Gateway log of DNS queries to splunk://x.example:8088: paused. Log of network sessions to datadog://http-intake.logs.datadoghq.eu: on, but its last delivery failed. Access log to s3://lantern-logs/access: on, but its last delivery failed."`,
  );
});

it('says that there is none, and how to have one', () => {
  expect(read(shown([]))).toMatchInlineSnapshot(`
    "# Export of logs
    Neither the Access log nor a Gateway log is exported.
    New export
    [To S3] [To R2] [To Splunk] [To Datadog]
    (Another approver has to agree to each of these. Cloudflare exports logs on its Enterprise plan only.)"
  `);
});

it('offers no new export where no key could be kept, but lets those that are there be changed', () => {
  const message = shown([anExport()], { isReady: false, says: noExportKey().message });

  expect(read(message)).toMatchInlineSnapshot(`
    "# Export of logs
    ✅ Access log to s3://lantern-logs/access
    On. Nothing was delivered yet.
    [Pause] [Delete]
    New export: Keys that are typed here are kept encrypted until they are used, and EXPORT_KEY, the key for that, is not set. Nothing was stored. Your operator makes one with openssl rand -hex 32, sets EXPORT_KEY to it for the bot and for the worker, and starts them again."
  `);
});

it('says why nothing can be read', () => {
  const problem = 'Cloudflare refused. Type `/ocs-access logs access` and press “Download CSV”.';

  expect(read(exportMessage({ exports: { problem }, readiness: READY }))).toMatchInlineSnapshot(`
    "# Export of logs
    ⚠️ Cloudflare refused. Type /ocs-access logs access and press “Download CSV”."
  `);
});

it('says where the token is', () => {
  const request = aRequest({ action: 'export-s3', status: 'running' });

  expect(read(exportChallenge(request, 'lantern-logs/ownership-challenge-1.txt'))).toMatchInlineSnapshot(`
    "# Show that the bucket is yours
    Cloudflare exports logs only to those who can read the bucket (REQ-0142).
    1. Open this file in the bucket: lantern-logs/ownership-challenge-1.txt
    2. Copy everything in it.
    3. Press the button, and paste it.
    [Type the token]
    After that another approver decides. If you get this message twice, the newest file counts.
    (The token shows that you may use the bucket. Don’t post it anywhere.)"
  `);
});

const text = fc.oneof(
  fc.constantFrom('', ' ', '<!here>', 'x'.repeat(9000), '`', '\u202E'),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const job: fc.Arbitrary<ExportJob> = fc.record({
  id: fc.nat(),
  name: text,
  dataset: fc.oneof(text, fc.constantFrom('access_requests', 'gateway_http')),
  place: text,
  isOn: fc.boolean(),
  fields: fc.array(text),
  deliveredUntil: fc.constantFrom(undefined, ASKED_AT),
  failure: fc.option(fc.record({ at: fc.constantFrom(undefined, ASKED_AT), says: text }), { nil: undefined }),
});

it('is within Slack’s limits, whatever is exported to wherever', () => {
  fc.assert(
    fc.property(fc.array(job, { maxLength: 60 }), text, fc.boolean(), (jobs, problem, isReady) => {
      const readiness = isReady ? READY : ({ isReady: false, says: noExportKey().message } as const);
      expectWithinLimits(exportMessage({ exports: { jobs }, readiness }));
      expectWithinLimits(exportMessage({ exports: { problem }, readiness }));
      expectWithinLimits(exportChallenge(aRequest(), problem));
    }),
  );
});
