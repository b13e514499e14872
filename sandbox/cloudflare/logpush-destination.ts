import { ApiError, codes } from './envelope.ts';

/** A destination taken apart. */
export interface LogpushTarget {
  scheme: string;
  /** Bucket or host, without a port. */
  place: string;
  options: Record<string, string>;
}

const refused = (message: string): ApiError => new ApiError(400, codes.invalidRequest, message, '/destination_conf');

/** Those that want to see whose it is, by a token that they write there. */
const challenged = new Set(['s3', 'gs', 'azure', 'sumo']);

const needed: Readonly<Record<string, readonly string[]>> = {
  s3: ['region'],
  r2: ['account-id', 'access-key-id', 'secret-access-key'],
  splunk: ['channel', 'sourcetype', 'header_Authorization'],
  datadog: ['header_DD-API-KEY'],
  gs: [],
  azure: [],
  sumo: [],
  https: [],
};

const paths: Readonly<Record<string, RegExp>> = {
  splunk: /^\/services\/collector\/raw$/,
  datadog: /^\/(v1\/input|api\/v2\/logs)$/,
};

/** Refuses whatever the platform could not deliver to. */
export function parseTarget(conf: unknown): LogpushTarget {
  const { scheme, authority, path, query } = partsOf(conf);
  const options = optionsIn(query);
  const missing = (needed[scheme] ?? []).filter((name) => (options[name] ?? '') === '');
  if (missing.length > 0) throw refused(`destination_conf lacks ${missing.join(', ')}`);
  if (paths[scheme]?.test(path) === false) throw refused('destination_conf has a path that is not known');
  if (scheme === 'splunk' && !/^Splunk \S+$/.test(options['header_Authorization'] ?? '')) {
    throw refused('the authorization of Splunk begins with that word');
  }
  return { scheme, place: authority.replace(/:\d+$/, ''), options };
}

function partsOf(conf: unknown) {
  if (typeof conf !== 'string' || conf.length > 4096) throw refused('destination_conf is required');
  const found = /^(?<scheme>[a-z0-9]+):\/\/(?<authority>[^/?#]+)(?<path>[^?#]*)(?:\?(?<query>.*))?$/.exec(conf);
  const { scheme = '', authority = '', path = '', query = '' } = found?.groups ?? {};
  if (needed[scheme] === undefined) throw refused('destination_conf has an unknown form');
  return { scheme, authority, path, query };
}

function optionsIn(query: string): Record<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw refused('destination_conf has a parameter without a value');
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
    }),
  );
}

export function isChallenged({ scheme }: LogpushTarget): boolean {
  return challenged.has(scheme);
}
