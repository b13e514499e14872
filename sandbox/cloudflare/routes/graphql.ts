import { isObject, jsonBody } from '../envelope.ts';
import { parseQuery, QueryError } from '../graphql-query.ts';
import type { Field } from '../graphql-query.ts';
import { answerLogins } from '../login-analytics.ts';
import type { Router, World } from './world.ts';

const dataset = 'accessLoginRequestsAdaptiveGroups';

/** The fields below one that has to be there and may have no neighbours: `viewer`, then `accounts`. */
function only(fields: readonly Field[], name: string): Field {
  const [field, other] = fields;
  if (field === undefined || other !== undefined || field.name !== name) {
    throw new QueryError(`unknown field "${(field?.name === name ? other?.name : field?.name) ?? ''}"`);
  }
  return field;
}

function answer({ state, quirks, now }: World, query: string, variables: Record<string, unknown>): object {
  const viewer = only(parseQuery(query, variables), 'viewer');
  const accounts = only(viewer.fields, 'accounts');
  const path = [viewer.as, accounts.as, '0'];
  const filter = accounts.args['filter'];
  const tag = isObject(filter) ? filter['accountTag'] : undefined;
  if (typeof tag !== 'string') throw new QueryError('filter must have accountTag', path);
  if (tag !== state.accountId || !state.token.permissions.has('Account Analytics Read')) {
    throw new QueryError('not authorized for that account', path);
  }
  const logins = quirks.analyticsLogins === 'all' ? state.accessLog : [];
  const found = accounts.fields.map((field) => {
    if (field.name !== dataset) throw new QueryError(`unknown field "${field.name}"`, path);
    return [field.as, answerLogins(field, logins, now())] as const;
  });
  return { [viewer.as]: { [accounts.as]: [Object.fromEntries(found)] } };
}

/**
 * The analytics, which have a form of their own: `data` and `errors`, and status 200 for a query that was refused.
 * One dataset is here, because only it tells the country of a login.
 */
export function routeGraphql(root: Router, world: World): void {
  root.post('/graphql', async (c) => {
    const body = await jsonBody(c);
    try {
      const query = isObject(body) ? body['query'] : undefined;
      const variables = isObject(body) ? (body['variables'] ?? {}) : {};
      if (typeof query !== 'string') throw new QueryError('query is required');
      if (!isObject(variables)) throw new QueryError('variables must be an object');
      return c.json({ data: answer(world, query, variables), errors: null });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const { message, path } = error;
      const timestamp = new Date(world.now()).toISOString();
      return c.json({ data: null, errors: [{ message, path, extensions: { timestamp } }] });
    }
  });
}
