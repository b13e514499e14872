import { placeOfConf } from '../../src/core/export-destination.ts';
import type { Dataset, ExportJob } from '../../src/core/export-job.ts';
import { PermanentError } from '../../src/core/errors.ts';
import type { NewExport } from '../../src/core/ports.ts';
import type { Secret } from '../../src/core/secret.ts';
import type { Snapshot, SnapshotScope } from '../../src/core/snapshot.ts';

export function anExport(changes: Partial<ExportJob> = {}): ExportJob {
  return {
    id: 7,
    name: 'ocs-access-access-requests-s3',
    dataset: 'access_requests',
    place: 's3://lantern-logs/access',
    isOn: true,
    fields: ['CreatedAt', 'Email'],
    deliveredUntil: undefined,
    failure: undefined,
    ...changes,
  };
}

/** Some that we want, and one that nobody knows. */
export const FIELDS: Readonly<Record<Dataset, readonly string[]>> = {
  access_requests: ['Email', 'CreatedAt', 'Allowed', 'Novelty'],
  gateway_dns: ['Datetime', 'Email', 'QueryName', 'Novelty'],
  gateway_http: ['Datetime', 'Email', 'URL'],
  gateway_network: ['Datetime', 'Email', 'SNI'],
  zero_trust_network_sessions: ['SessionStartTime', 'Email', 'BytesSent'],
};

export interface MadeExport {
  readonly conf: string;
  readonly token: string | undefined;
}

export const TOKEN = '00000000000000000042';

/** The exports of an account, as strict as the port says: nothing is found under the name that is asked for twice. */
export function createMemoryExports(snapshot: Snapshot) {
  let jobs: readonly ExportJob[] = snapshot.exports?.jobs ?? [];
  const made: MadeExport[] = [];
  const unreachable = new Set<string>();
  const isDown = (place: string): boolean => [...unreachable].some((one) => place.startsWith(one));
  let challenges = 0;
  return {
    jobs: () => jobs,
    setJobs: (next: readonly ExportJob[]) => void (jobs = next),
    /** What was sent with each export that was made: with the keys. */
    made,
    unreachable,
    reaches: (conf: Secret): boolean => !isDown(placeOfConf(conf.reveal())),
    challenge(): string {
      challenges += 1;
      return `access/ownership-challenge-${challenges}.txt`;
    },
    proves: (token: Secret): boolean => token.reveal() === TOKEN,
    create({ name, dataset, fields, conf, token }: NewExport) {
      const place = placeOfConf(conf.reveal());
      if (place.startsWith('s3:') && token?.reveal() !== TOKEN) {
        throw new PermanentError('Cloudflare refused.', { code: 'no-exports' });
      }
      made.push({ conf: conf.reveal(), token: token?.reveal() });
      jobs = [...jobs, anExport({ id: 100 + jobs.length, name, dataset, fields, place })];
    },
    turn(id: number, isOn: boolean) {
      const job = jobs.find((one) => one.id === id);
      if (job === undefined || isDown(job.place)) {
        throw new PermanentError('Cloudflare refused.', { code: 'export-not-changed' });
      }
      jobs = jobs.map((one) => (one.id === id ? { ...one, isOn } : one));
    },
    remove: (id: number) => void (jobs = jobs.filter((one) => one.id !== id)),
    within: ({ exports: datasets }: SnapshotScope): Pick<Snapshot, 'exports'> =>
      datasets === undefined
        ? {}
        : { exports: { jobs, fields: Object.fromEntries(datasets.map((dataset) => [dataset, FIELDS[dataset]])) } },
  };
}
