import { z } from 'zod';
import { PermanentError } from '../core/errors.ts';
import type { NewExport } from '../core/ports.ts';
import { call } from './call.ts';
import type { Account } from './client.ts';
import { permissionFor } from './permission-groups.ts';
import { isNotFound, type Call } from './translate-error.ts';

type Route = Pick<Call, 'route' | 'does'>;

const NEEDED = `“${permissionFor('logs', 'write')}” or “${permissionFor('personalData', 'read')}”`;
const WAY_OUT =
  'The rows that I keep can be had as a file all the same: type `/ocs-access logs access` and press “Download CSV”.';

/**
 * A call about Logpush. By which code Cloudflare says that a plan has none is not documented, and a token without the
 * permission is refused as well, so the sentence names both.
 */
export function aboutLogpush({ route, does }: Route, orElse = ''): Call {
  return {
    route,
    does,
    whenRefused: (trace) =>
      new PermanentError(
        `Cloudflare refused to ${does} (${route}, ${trace}). Either the plan has no Logpush, which is part of Enterprise only, or the API token lacks the permission ${NEEDED}${orElse}. ${WAY_OUT}`,
        { code: 'no-exports' },
      ),
  };
}

/** Seconds: fewer and larger files, and late by minutes at most. */
const BATCH_S = 300;

/** Makes a job that delivers from now on: without `enabled` it would push nothing. What is answered holds the keys and stays unread. */
export async function createExport(account: Account, job: NewExport): Promise<void> {
  const { client, accountId } = account;
  const { name, dataset, fields, conf, token } = job;
  await call(
    account,
    aboutLogpush(
      { route: 'POST logpush/jobs', does: 'make an export of logs' },
      ', or there are as many exports of these logs as it allows, usually five',
    ),
    z.unknown(),
    (options) =>
      client.logpush.jobs.create(
        {
          account_id: accountId,
          name,
          dataset,
          enabled: true,
          destination_conf: conf.reveal(),
          ...(token === undefined ? {} : { ownership_challenge: token.reveal() }),
          max_upload_interval_seconds: BATCH_S,
          output_options: {
            output_type: 'ndjson',
            field_names: [...fields],
            timestamp_format: 'rfc3339',
            // Several logs may share a place, and rows do not say by themselves which of them they are from.
            record_prefix: `{"Dataset":"${dataset}",`,
          },
        },
        options,
      ),
  );
}

/** Only the switch is sent: sending the destination back would need a new proof of ownership. */
export async function switchExport(account: Account, id: number, isOn: boolean): Promise<void> {
  const { client, accountId } = account;
  const does = isOn ? 'resume an export of logs' : 'pause an export of logs';
  await call(account, { route: 'PUT logpush/jobs/:id', does, whenRefused: notChanged(does) }, z.unknown(), (options) =>
    client.logpush.jobs.update(id, { account_id: accountId, enabled: isOn }, options),
  );
}

function notChanged(does: string): (trace: string) => PermanentError {
  return (trace) =>
    new PermanentError(
      `Cloudflare refused to ${does} (PUT logpush/jobs/:id, ${trace}). It tries the destination whenever an export is changed, so most likely the destination can’t be reached or does not take the key any more. Mend that and ask again; deleting the export works without it.`,
      { code: 'export-not-changed' },
    );
}

export async function deleteExport(account: Account, id: number): Promise<void> {
  const { client, accountId } = account;
  try {
    await call(
      account,
      aboutLogpush({ route: 'DELETE logpush/jobs/:id', does: 'delete an export of logs' }),
      z.unknown(),
      // The published description wants a body.
      (options) => client.logpush.jobs.delete(id, { account_id: accountId }, { ...options, body: {} }),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
