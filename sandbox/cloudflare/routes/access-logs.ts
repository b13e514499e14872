import type { Context } from 'hono';
import { badRequest, ok, stamp } from '../envelope.ts';
import type { AccessLogRow } from '../people.ts';
import type { Router, World } from './world.ts';

function moment(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw badRequest(`${name} must be an RFC 3339 time`);
  return value;
}

function wanted(c: Context, { quirks, now }: World): (row: AccessLogRow) => boolean {
  const since = moment(c, 'since', -Infinity);
  const until = moment(c, 'until', Infinity);
  const email = c.req.query('email')?.toLowerCase();
  const exact = c.req.query('email_exact') === 'true' || c.req.query('emailOp') === 'eq';
  const oldest = now() - quirks.accessLogRetentionMs;
  const newest = now() - quirks.accessLogLagMs;
  return (row) => {
    if (row.at < since || row.at > until) return false;
    if (row.at <= oldest || row.at > newest || (row.shownAt ?? 0) > now()) return false;
    if (email === undefined) return true;
    const known = row.email.toLowerCase();
    return exact ? known === email : known.includes(email);
  };
}

/** Who came and who was turned away. A row has no serial number, no device, no country and no reason. */
export function routeAccessLogs(account: Router, world: World): void {
  const { state, quirks } = world;
  account.get('/access/logs/access_requests', (c) => {
    // 25 rows unless asked otherwise. The upper bound is not documented; 1,000 is an assumption.
    const limit = Math.min(Number(c.req.query('limit') ?? c.req.query('per_page') ?? 25), 1000);
    const page = Number(c.req.query('page') ?? 1);
    if (!(limit >= 1) || !(page >= 1)) throw badRequest('limit and page must be positive');
    const order = c.req.query('direction') === 'asc' ? 1 : -1;
    const rows = state.accessLog.filter(wanted(c, world)).toSorted((a, b) => order * (a.at - b.at));
    const from = (page - 1) * (quirks.accessLogRepeats ? Math.max(1, limit - 1) : limit);
    return ok(
      c,
      rows.slice(from, from + limit).map((row) => ({
        action: 'login',
        allowed: row.allowed,
        app_domain: state.apps.get(row.appId)?.body.domain ?? '',
        app_uid: row.appId,
        connection: 'onetimepin',
        created_at: stamp(row.at),
        ip_address: row.ip,
        ray_id: row.rayId,
        user_email: row.email,
      })),
    );
  });
}
