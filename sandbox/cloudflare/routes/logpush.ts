import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { ApiError, codes, objectBody, ok, stampOrNull } from '../envelope.ts';
import { parseJobBody } from '../logpush-body.ts';
import { isChallenged, parseTarget, type LogpushTarget } from '../logpush-destination.ts';
import { logpushFields } from '../logpush-fields.ts';
import type { LogpushJob } from '../logpush-state.ts';
import type { Router, World } from './world.ts';

/** As one public report has it; the status is not documented. */
const notAllowed = 1004;
const mostJobs = 5;
const empty: LogpushJob['body'] = { name: '', enabled: false, dataset: '', interval: 0, options: {} };

const refused = (message: string): ApiError => new ApiError(400, codes.invalidRequest, message);

/** With the destination as it was sent, keys and all. */
function showJob(job: LogpushJob): Record<string, unknown> {
  const { name, enabled, dataset, interval, options } = job.body;
  return {
    id: job.id,
    name,
    dataset,
    enabled,
    kind: '',
    destination_conf: job.conf,
    max_upload_interval_seconds: interval,
    output_options: options,
    last_complete: stampOrNull(job.lastComplete),
    last_error: stampOrNull(job.lastError),
    error_message: job.errorMessage,
  };
}

export function routeLogpush(account: Router, { state, quirks }: World): void {
  function refuseByPlan(isCreating = false): void {
    if (quirks.logpush === 'refused' || (isCreating && quirks.logpush === 'refused-on-create')) {
      throw new ApiError(400, notAllowed, 'your plan does not include this');
    }
  }

  /** Since 2025-11 logs of Zero Trust want the permission to see personal data as well. */
  function refuseWithoutPii(dataset: string): void {
    if (state.token.permissions.has('Zero Trust: PII Read')) return;
    throw new ApiError(403, notAllowed, `reading job for product '${dataset}' is not allowed`);
  }

  const reaches = ({ place }: LogpushTarget): boolean => !state.logpush.unreachable.has(place);

  function jobOf(c: Context): LogpushJob {
    const job = state.logpush.jobs.get(Number(c.req.param('id')));
    if (job === undefined) throw new ApiError(404, codes.notFound, 'job not found');
    refuseWithoutPii(job.body.dataset);
    return job;
  }

  /** The token is for exactly one destination, and a newer one takes its place. */
  function isProven(conf: string, token: unknown): boolean {
    const newest = state.logpush.challenges.findLast((one) => one.conf === conf);
    return newest !== undefined && newest.token === token;
  }

  function checkDestination(conf: unknown, token: unknown, isNew: boolean): string {
    const target = parseTarget(conf);
    const text = String(conf);
    if (!reaches(target)) throw refused(`error validating destination: ${text}`);
    if (isNew && isChallenged(target) && !isProven(text, token)) throw refused('ownership challenge is not valid');
    return text;
  }

  account.use('/logpush/*', async (_c, next) => {
    refuseByPlan();
    await next();
  });

  account.get('/logpush/jobs', (c) => {
    const jobs = [...state.logpush.jobs.values()];
    const [first] = jobs;
    // Of one dataset that may not be read the whole list is refused: the harder reading.
    if (first !== undefined) refuseWithoutPii(first.body.dataset);
    return ok(c, jobs.map(showJob));
  });
  account.post('/logpush/jobs', async (c) => {
    refuseByPlan(true);
    const sent = await objectBody(c);
    const body = parseJobBody(sent, empty);
    refuseWithoutPii(body.dataset);
    const conf = checkDestination(sent['destination_conf'], sent['ownership_challenge'], true);
    const alike = [...state.logpush.jobs.values()].filter((job) => job.body.dataset === body.dataset);
    if (alike.length >= mostJobs) throw refused('the limit of jobs for this dataset is reached');
    state.logpush.made += 1;
    const job: LogpushJob = {
      id: state.logpush.made,
      conf,
      body,
      lastComplete: null,
      lastError: null,
      errorMessage: null,
    };
    state.logpush.jobs.set(job.id, job);
    return ok(c, showJob(job));
  });
  account.get('/logpush/jobs/:id', (c) => ok(c, showJob(jobOf(c))));
  account.put('/logpush/jobs/:id', async (c) => {
    const job = jobOf(c);
    const sent = await objectBody(c);
    if ('dataset' in sent || 'kind' in sent) throw refused('dataset and kind cannot be changed');
    const body = parseJobBody(sent, job.body);
    const { destination_conf: conf = job.conf } = sent;
    // Whatever is changed, the destination is tried again.
    job.conf = checkDestination(conf, sent['ownership_challenge'], conf !== job.conf);
    job.body = body;
    return ok(c, showJob(job));
  });
  account.delete('/logpush/jobs/:id', (c) => {
    const { id } = jobOf(c);
    state.logpush.jobs.delete(id);
    return ok(c, { id });
  });

  account.get('/logpush/datasets/:dataset/fields', (c) => {
    const fields = logpushFields[c.req.param('dataset')];
    if (fields === undefined) throw new ApiError(404, codes.notFound, 'no such dataset here');
    return ok(c, Object.fromEntries(fields.map((field) => [field, 'what it is'])));
  });

  account.post('/logpush/ownership', async (c) => {
    const { destination_conf: conf } = await objectBody(c);
    const target = parseTarget(conf);
    if (!reaches(target)) return ok(c, { filename: '', message: `could not write to ${String(conf)}`, valid: false });
    const token = randomBytes(10).toString('hex');
    const filename = `ownership-challenge-${token.slice(0, 8)}.txt`;
    state.logpush.challenges.push({ conf: String(conf), place: target.place, filename, token });
    return ok(c, { filename, message: '', valid: true });
  });
  account.post('/logpush/ownership/validate', async (c) => {
    const { destination_conf: conf, ownership_challenge: token } = await objectBody(c);
    parseTarget(conf);
    return ok(c, { valid: isProven(String(conf), token) });
  });

  account.post('/logpush/validate/destination', async (c) => {
    const { destination_conf: conf } = await objectBody(c);
    if (reaches(parseTarget(conf))) return ok(c, { message: '', valid: true });
    if (quirks.logpushUnreachable === 'refused') throw refused(`error validating destination: ${String(conf)}`);
    return ok(c, { message: `could not write to ${String(conf)}`, valid: false });
  });
  account.post('/logpush/validate/destination/exists', async (c) => {
    const { destination_conf: conf } = await objectBody(c);
    parseTarget(conf);
    return ok(c, { exists: [...state.logpush.jobs.values()].some((job) => job.conf === conf) });
  });
}
