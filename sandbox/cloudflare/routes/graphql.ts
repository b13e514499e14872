import { answerDataset, availableFields, maxPageSize } from '../analytics-dataset.ts';
import type { Access } from '../analytics-dataset.ts';
import { isObject, jsonBody } from '../envelope.ts';
import { parseQuery, QueryError } from '../graphql-query.ts';
import type { Field } from '../graphql-query.ts';
import { loginDataset } from '../login-analytics.ts';
import { networkDatasets } from '../network-analytics.ts';
import type { Router, World } from './world.ts';

/** The fields below one that has to be there and may have no neighbours: `viewer`, then `accounts`. */
function only(fields: readonly Field[], name: string): Field {
  const [field, other] = fields;
  if (field === undefined || other !== undefined || field.name !== name) {
    throw new QueryError(`unknown field "${(field?.name === name ? other?.name : field?.name) ?? ''}"`);
  }
  return field;
}

/** What can be asked about one dataset. */
interface Asked {
  settings: () => Record<string, unknown>;
  read: (field: Field) => object[];
}

function datasets({ state, quirks, now }: World): Map<string, Asked> {
  const shared = { accountId: state.accountId, now: now(), without: new Set(quirks.analyticsWithout) };
  const asked = <Row>(access: Access<Row>, mode: 'all' | 'none' | 'refused'): [string, Asked] => {
    const { name, notOlderThan, maxDuration } = access.dataset;
    const settings = (): Record<string, unknown> => ({
      enabled: mode !== 'refused',
      availableFields: mode === 'refused' ? [] : availableFields(access),
      maxPageSize,
      maxNumberOfFields: 30,
      notOlderThan: notOlderThan / 1000,
      maxDuration: maxDuration / 1000,
    });
    const read = (field: Field): object[] => {
      if (mode === 'refused') throw new QueryError(`account '${state.accountId}' does not have access to the path`);
      return answerDataset(field, mode === 'none' ? { ...access, rows: [] } : access);
    };
    return [name, { settings, read }];
  };
  return new Map([
    asked({ ...shared, dataset: loginDataset, rows: state.accessLog }, quirks.analyticsLogins),
    ...networkDatasets(quirks).map((dataset) =>
      asked({ ...shared, dataset, rows: state.networkSessions }, quirks.analyticsNetwork),
    ),
  ]);
}

function answerSettings(field: Field, known: ReadonlyMap<string, Asked>): object {
  return Object.fromEntries(
    field.fields.map(({ name, as, fields }) => {
      const settings = known.get(name)?.settings();
      if (settings === undefined) throw new QueryError(`unknown field "${name}"`);
      const told = fields.map((wanted) => {
        if (!(wanted.name in settings)) throw new QueryError(`unknown field "${wanted.name}"`);
        return [wanted.as, settings[wanted.name]] as const;
      });
      return [as, Object.fromEntries(told)];
    }),
  );
}

function answer(world: World, query: string, variables: Record<string, unknown>): object {
  const { state, quirks } = world;
  const viewer = only(parseQuery(query, variables), 'viewer');
  const accounts = only(viewer.fields, 'accounts');
  const path = [viewer.as, accounts.as, '0'];
  const filter = accounts.args['filter'];
  const tag = isObject(filter) ? filter['accountTag'] : undefined;
  if (typeof tag !== 'string') throw new QueryError('filter must have accountTag', path);
  if (tag !== state.accountId || !state.token.permissions.has('Account Analytics Read')) {
    throw new QueryError('not authorized for that account', path);
  }
  const known = datasets(world);
  const found = accounts.fields.map((field) => {
    if (field.name === 'settings' && quirks.analyticsSettings === 'told') {
      return [field.as, answerSettings(field, known)] as const;
    }
    const asked = known.get(field.name);
    if (asked === undefined) throw new QueryError(`unknown field "${field.name}"`, path);
    return [field.as, asked.read(field)] as const;
  });
  return { [viewer.as]: { [accounts.as]: [Object.fromEntries(found)] } };
}

/**
 * The analytics, which have a form of their own: `data` and `errors`, and status 200 for a query that was refused. Those of
 * logins and of network sessions are here, with the settings that tell what there is.
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
