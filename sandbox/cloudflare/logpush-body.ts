import { ApiError, codes, isObject } from './envelope.ts';
import { logpushDatasets, logpushFields } from './logpush-fields.ts';
import type { LogpushJob } from './logpush-state.ts';

const refused = (message: string, pointer: string): ApiError =>
  new ApiError(400, codes.invalidRequest, message, `/${pointer}`);

const known = new Set([
  'name',
  'dataset',
  'destination_conf',
  'enabled',
  'filter',
  'frequency',
  'kind',
  'logpull_options',
  'max_upload_bytes',
  'max_upload_interval_seconds',
  'max_upload_records',
  'output_options',
  'ownership_challenge',
]);

const optionKeys = new Set([
  'CVE-2021-44228',
  'batch_prefix',
  'batch_suffix',
  'field_delimiter',
  'field_names',
  'merge_subrequests',
  'output_type',
  'record_delimiter',
  'record_prefix',
  'record_suffix',
  'record_template',
  'sample_rate',
  'timestamp_format',
]);

/** What a body may say about a job beside its destination. What is not said stays as it was. */
export function parseJobBody(sent: Record<string, unknown>, before: LogpushJob['body']): LogpushJob['body'] {
  const strange = Object.keys(sent).find((key) => !known.has(key));
  if (strange !== undefined) throw refused('the body has a key that is not known', strange);
  const enabled = sent['enabled'] ?? before.enabled;
  if (typeof enabled !== 'boolean') throw refused('enabled must be a boolean', 'enabled');
  const name = parseName(sent['name'] ?? before.name);
  const dataset = parseDataset(sent['dataset'] ?? before.dataset);
  const interval = parseInterval(sent['max_upload_interval_seconds'] ?? before.interval);
  // A job that is there has its fields already.
  const isKept = sent['output_options'] === undefined && before.dataset !== '';
  const options = isKept ? before.options : parseOptions(sent['output_options'] ?? {}, dataset);
  return { name, enabled, dataset, interval, options };
}

function parseName(name: unknown): string {
  if (typeof name === 'string' && name.length <= 512 && /^[a-zA-Z0-9._-]*$/.test(name)) return name;
  throw refused('name has characters that are not allowed', 'name');
}

function parseDataset(dataset: unknown): string {
  if (typeof dataset !== 'string' || !logpushDatasets.has(dataset)) throw refused('unknown dataset', 'dataset');
  if (dataset === 'http_requests') throw refused('the dataset belongs to zones', 'dataset');
  return dataset;
}

/** Seconds. */
function parseInterval(interval: unknown): number {
  if (interval === 0 || (typeof interval === 'number' && interval >= 30 && interval <= 300)) return interval;
  throw refused('the interval is 30 to 300 seconds', 'max_upload_interval_seconds');
}

function parseOptions(sent: unknown, dataset: string): Record<string, unknown> {
  if (!isObject(sent)) throw refused('output_options must be an object', 'output_options');
  const strange = Object.keys(sent).find((key) => !optionKeys.has(key));
  if (strange !== undefined) throw refused('output_options has a key that is not known', `output_options/${strange}`);
  const names = sent['field_names'];
  // There is no “all fields”: a job that names none would deliver empty rows.
  if (!Array.isArray(names) || names.length === 0) throw refused('no fields', 'output_options/field_names');
  const there = new Set<unknown>(logpushFields[dataset]);
  if (names.some((name) => !there.has(name))) throw refused('unknown field', 'output_options/field_names');
  return sent;
}
