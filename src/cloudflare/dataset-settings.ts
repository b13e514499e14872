import { z } from 'zod';
import type { Account } from './client.ts';
import { askAnalytics } from './graphql.ts';

const Setting = z.object({
  enabled: z.boolean().catch(true),
  availableFields: z.array(z.string()).optional().catch(undefined),
  /** Rows. */
  maxPageSize: z.number().positive().optional().catch(undefined),
  /** Seconds that one query may span, and that it may reach back. */
  maxDuration: z.number().positive().optional().catch(undefined),
  notOlderThan: z.number().positive().optional().catch(undefined),
});

export interface DatasetSettings {
  readonly enabled: boolean;
  /** Paths like `dimensions_country`, in lower case. Undefined: not told. */
  readonly fields?: ReadonlySet<string>;
  /** Rows in one answer. */
  readonly mostRows?: number;
  /** Milliseconds that one query may span, and that it may reach back. */
  readonly widestMs?: number;
  readonly reachMs?: number;
}

/**
 * What plan and token allow of some datasets: one query, which saves guessing which of their fields there are. Nothing is
 * told of a dataset where this can't be asked; `token` where nothing can. Throws like `askAnalytics`.
 */
export async function readDatasetSettings(
  account: Account,
  datasets: readonly string[],
): Promise<ReadonlyMap<string, DatasetSettings> | 'token'> {
  const fields = '{ enabled availableFields maxPageSize maxDuration notOlderThan }';
  const query = `query Settings($account: string) {
  viewer { accounts(filter: { accountTag: $account }) { settings { ${datasets.map((name) => `${name} ${fields}`).join(' ')} } } }
}`;
  const asked = await askAnalytics(account, { does: 'see which analytics there are', query });
  if (asked.kind === 'token') return 'token';
  const told =
    asked.kind === 'answer' ? z.record(z.string(), z.unknown()).safeParse(asked.account['settings']).data : {};
  return new Map(
    datasets.flatMap((name) => {
      const setting = Setting.safeParse(told?.[name]).data;
      return setting === undefined ? [] : [[name, settingsOf(setting)]];
    }),
  );
}

function settingsOf(setting: z.infer<typeof Setting>): DatasetSettings {
  const fields = (setting.availableFields ?? []).map((path) => path.toLowerCase());
  const { enabled, maxPageSize: mostRows, maxDuration, notOlderThan } = setting;
  return {
    enabled,
    // Paths of another form would make everything look missing.
    ...(fields.some((path) => path.startsWith('dimensions_')) ? { fields: new Set(fields) } : {}),
    ...(mostRows === undefined ? {} : { mostRows }),
    ...(maxDuration === undefined ? {} : { widestMs: maxDuration * 1000 }),
    ...(notOlderThan === undefined ? {} : { reachMs: notOlderThan * 1000 }),
  };
}
