import { z } from 'zod';
import { AuditFacts } from '../core/audit.ts';
import { isSystem } from '../core/person.ts';
import { canonical } from '../core/plan.ts';
import type { Lock, Store } from '../core/ports.ts';
import { Post } from '../core/post.ts';
import { afterHealing, Healing, NOTHING_WATCHED, Watch, type News } from '../core/watch-tunnels.ts';
import { unlessAltered } from '../core/unless-altered.ts';
import { NamedTunnel } from '../core/watched-tunnels.ts';

/** What any process needs to go on watching. Times are epoch milliseconds. */
const Entry = z.object({
  watch: Watch,
  polledAt: z.number().optional(),
  app: z.object({
    /** Those that the application uses. Undefined: nobody could tell yet. */
    tunnels: z.array(NamedTunnel).optional(),
    /** When that is looked at again. */
    nextAt: z.number(),
  }),
});
export type Entry = z.infer<typeof Entry>;

/** Number of the last audit entry before: what is not behind it did not happen. */
const After = z.object({ after: z.number().int() });

const Page = Entry.extend({
  /** To be told, unless it is in the audit log by now. */
  untold: After.extend({ posts: z.array(Post), audit: z.array(AuditFacts) }).optional(),
  /** A restart that is being asked for. */
  asking: After.extend({ healing: Healing }).optional(),
});
type Page = z.infer<typeof Page>;

const EMPTY: Entry = { watch: NOTHING_WATCHED, app: { nextAt: 0 } };

const KEY = 'tunnel-watch';
/** As long as the messages of outages are known. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

type DiaryStore = Pick<Store, 'commit' | 'keep' | 'recall' | 'auditEntries' | 'auditHead'>;

/**
 * The memory of the watch, for whoever holds the lock. What is to follow is written down before it is done, with the
 * place where the audit log ended; after a crash in between, the log says whether it was done.
 */
export function createWatchDiary(store: DiaryStore, lock: Pick<Lock, 'confirm'>) {
  async function write(page: Page): Promise<void> {
    await lock.confirm();
    await store.keep(KEY, page, KEPT_MS);
  }

  /** Where that can’t be read, the log is read from its beginning afterwards. */
  async function lastSeq(): Promise<number> {
    return (await unlessAltered(() => store.auditHead()))?.seq ?? 0;
  }

  /** Stores the entry, and has told what there is to tell. */
  async function tell(entry: Entry, { posts, audit }: Pick<News, 'posts' | 'audit'>): Promise<void> {
    if (posts.length > 0 || audit.length > 0) {
      await write({ ...entry, untold: { after: await lastSeq(), posts: [...posts], audit: [...audit] } });
      await commit({ posts, audit });
    }
    await write(entry);
  }

  async function commit({ posts, audit }: Pick<News, 'posts' | 'audit'>): Promise<void> {
    await lock.confirm();
    await store.commit({ audit, effects: posts.map((post) => ({ kind: 'post', post })) });
  }

  async function find(after: number, isWanted: (entry: AuditFacts) => boolean): Promise<AuditFacts | undefined> {
    for await (const entry of store.auditEntries(after + 1)) {
      if (isWanted(entry)) return entry;
    }
    return undefined;
  }

  return {
    tell,

    /** What was stored last, once that is done which a process that ended before had left undone. */
    async open(): Promise<Entry> {
      // What an older version wrote is worth less than a fresh start.
      const { untold, asking, ...entry }: Page = Page.safeParse(await store.recall(KEY)).data ?? EMPTY;
      if (untold !== undefined) {
        const [first] = untold.audit;
        const isTold = first !== undefined && (await find(untold.after, (one) => isSame(one, first))) !== undefined;
        // Without an audit entry nobody knows: a post that comes twice changes nothing.
        if (!isTold) await commit(untold);
        await write(entry);
      }
      if (asking === undefined) return entry;
      const asked = await find(asking.after, isOurRestart);
      if (asked?.requestId === undefined) return entry;
      const restart = { requestId: asked.requestId, at: asked.at };
      const { watch, ...news } = afterHealing(entry.watch, asking.healing, { kind: 'restarted', restart }, asked.at);
      await tell({ ...entry, watch }, news);
      return { ...entry, watch };
    },

    /** Right before a restart is asked for. */
    async beginAsking(entry: Entry, healing: Healing): Promise<void> {
      await write({ ...entry, asking: { after: await lastSeq(), healing } });
    },
  };
}

export type WatchDiary = ReturnType<typeof createWatchDiary>;

function isSame(entry: AuditFacts, told: AuditFacts): boolean {
  return entry.kind === told.kind && entry.at === told.at && canonical(entry.facts) === canonical(told.facts);
}

function isOurRestart({ kind, action, actor }: AuditFacts): boolean {
  return kind === 'request.asked' && action === 'tunnel-restart' && isSystem(actor);
}
