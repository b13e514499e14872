import { z } from 'zod';
import { createSecret, type Secret } from './secret.ts';

/** Where logs can be sent. Only what is no secret: keys are referred to beside it. */
export const Destination = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('s3'), bucket: z.string(), region: z.string(), path: z.string() }),
  z.object({ kind: z.literal('r2'), accountId: z.string(), bucket: z.string(), path: z.string() }),
  /** `host`: with its port. */
  z.object({ kind: z.literal('splunk'), host: z.string(), channel: z.string() }),
  z.object({ kind: z.literal('datadog'), site: z.string() }),
]);
export type Destination = z.infer<typeof Destination>;

/** The secrets of a destination, by name: `token`. */
export type DestinationSecrets = Readonly<Record<string, Secret>>;

/**
 * Cloudflare’s own form of a destination, with the keys in it. Throws if one is missing: our bug.
 * `{DATE}` stays as it is: Cloudflare puts the day there.
 */
export function destinationConf(destination: Destination, secrets: DestinationSecrets): Secret {
  const secret = (name: string): string => {
    const found = secrets[name];
    if (found === undefined) throw new Error(`The destination ${destination.kind} needs its ${name}.`);
    return encodeURIComponent(found.reveal());
  };
  switch (destination.kind) {
    case 's3':
      return createSecret(`s3://${bucketPath(destination)}?region=${destination.region}`);
    case 'r2': {
      const keys = `access-key-id=${secret('accessKeyId')}&secret-access-key=${secret('secretAccessKey')}`;
      return createSecret(`r2://${bucketPath(destination)}?account-id=${destination.accountId}&${keys}`);
    }
    case 'splunk': {
      const options = `channel=${destination.channel}&insecure-skip-verify=false&sourcetype=cloudflare:json`;
      const where = `splunk://${destination.host}/services/collector/raw`;
      return createSecret(`${where}?${options}&header_Authorization=Splunk%20${secret('token')}`);
    }
    case 'datadog': {
      const where = `datadog://http-intake.logs.${destination.site}/api/v2/logs`;
      return createSecret(`${where}?header_DD-API-KEY=${secret('apiKey')}&ddsource=cloudflare`);
    }
  }
}

/** A folder for each day. */
const DAILY = '/{DATE}';

function bucketPath(destination: Bucket): string {
  return `${folderOf(destination)}${DAILY}`;
}

interface Bucket {
  readonly bucket: string;
  readonly path: string;
}

function folderOf({ bucket, path }: Bucket): string {
  return [bucket, ...path.split('/').filter((part) => part !== '')].join('/');
}

/** Where it leads, for people: `s3://lantern-logs/access`. The same as `placeOfConf` of its configuration. */
export function placeOf(destination: Destination): string {
  switch (destination.kind) {
    case 's3':
    case 'r2':
      return `${destination.kind}://${folderOf(destination)}`;
    case 'splunk':
      return `splunk://${destination.host.toLowerCase()}`;
    case 'datadog':
      return `datadog://http-intake.logs.${destination.site}`;
  }
}

/** Of these the path says where in the bucket; that of all others may hold a key. */
const BUCKETS = new Set(['s3', 'r2', 'gs']);

/**
 * Where a configuration leads, without anything that could be a key: no query, no user, and a path in buckets only. The
 * folder of the day is left out.
 */
export function placeOfConf(conf: string): string {
  const [, scheme = '', rest = ''] = /^([a-z0-9+.-]+):\/\/([^?#]*)/i.exec(conf) ?? [];
  if (scheme === '') return 'an unknown destination';
  const kind = scheme.toLowerCase();
  const [authority = '', ...path] = rest.split('/');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!BUCKETS.has(kind)) return `${kind}://${host.toLowerCase()}`;
  const folder = [host, ...path].join('/');
  return `${kind}://${folder.endsWith(DAILY) ? folder.slice(0, -DAILY.length) : folder}`;
}

/** What of a configuration must be shown nowhere, in each of the forms in which it may turn up. */
export function secretPartsOf(conf: string): string[] {
  const query = conf.slice(conf.indexOf('?') + 1);
  const values = (query === conf ? [] : query.split('&')).map((pair) => pair.slice(pair.indexOf('=') + 1));
  const user = /:\/\/([^/?#]*)@/.exec(conf)?.[1] ?? '';
  const [, scheme = '', path = ''] = /^([a-z0-9+.-]+):\/\/[^/?#]*([^?#]*)/i.exec(conf) ?? [];
  const folders = BUCKETS.has(scheme.toLowerCase()) ? [] : path.split('/');
  const parts = [...values, user, ...user.split(':'), ...folders].flatMap((part) => [part, decoded(part)]);
  // `Splunk <token>`: the token alone is as secret.
  const words = parts.flatMap((part) => [part, ...part.split(/\s+/)]);
  return [...new Set(words)]
    .filter((part) => part.length >= SHORTEST)
    .toSorted((one, other) => other.length - one.length);
}

/** Shorter ones are no keys: `false`, `AES256`. */
const SHORTEST = 8;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
