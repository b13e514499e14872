import type { Action } from '../core/action.ts';
import type { Ask } from '../core/ask.ts';
import type { Decide } from '../core/decide.ts';
import type { Digest } from '../core/digest/digest.ts';
import type { Health } from '../core/health.ts';
import type { Logs } from '../core/logs.ts';
import type { Clock, Cloudflare, Directory, Stays, Store } from '../core/ports.ts';
import type { Server } from '../core/server.ts';
import type { Settings } from '../core/settings.ts';
import type { Vault } from '../core/vault.ts';
import type { SentFile } from '../slack/log-file.ts';
import type { Known } from '../slack/read-user.ts';
import type { Offers } from './offers.ts';

/** Everything that the commands work with. They decide nothing themselves: they read, ask and answer. */
export interface Desk {
  readonly actions: readonly Action[];
  readonly ask: Ask;
  readonly decide: Decide;
  readonly store: Store;
  readonly directory: Directory;
  /** Read, for what forms offer; what is done there is the worker's. */
  readonly cloudflare: Pick<
    Cloudflare,
    | 'snapshot'
    | 'devices'
    | 'appTunnels'
    | 'accessEvents'
    | 'accessRows'
    | 'loginDetails'
    | 'networkRows'
    | 'exportJobs'
  >;
  readonly stays: Pick<Stays, 'stayOf'>;
  /** Looked at; what is done there is the worker's. */
  readonly server: Pick<Server, 'containers' | 'logs' | 'byHand'>;
  /** Rows of Cloudflare's logs that are kept; they are pulled by the worker. */
  readonly logs: Pick<Logs, 'rows' | 'oldestRow' | 'pulled'>;
  /** For how many days rows of the logs are kept. */
  readonly logRetentionDays: number;
  /** The digest of a day, such as `2026-11-20`: as it was told, or made now. Changes nothing, and may take some seconds. */
  readonly digestOf: (day: string) => Promise<Digest>;
  /** Puts a file into the direct messages of one person. Throws what Slack's refusals become. */
  readonly sendFile: (slackId: string, file: SentFile) => Promise<void>;
  readonly offers: Offers;
  /** Takes what is typed into forms and must not be read by anybody else; only the worker takes it out. */
  readonly vault: Pick<Vault, 'isReady' | 'put' | 'forget'>;
  readonly settings: Pick<Settings, 'timeZone' | 'appUrl'>;
  readonly clock: Clock;
  readonly health: Health;
  /** Our workspace: a payload that claims another one is refused. */
  readonly teamId: string;
  /** Channel id: where urgent requests are followed. */
  readonly securityChannel: string;
  /** The text of a file that somebody put into a form. Throws UserError for what they can put right. */
  readonly readFile: (fileId: string) => Promise<string>;
  /** Who in Slack has these lower-cased addresses, deactivated people included. */
  readonly readMembers: (emails: ReadonlySet<string>) => Promise<ReadonlyMap<string, Known>>;
  /** Slack says that this person, or, without an id, a group has changed: ask again next time. */
  readonly forgetPeople: (slackId?: string) => void;
  /** Told of errors that are nobody's but ours; the reference is what the person was given. */
  readonly onBug: (error: unknown, reference: string) => void;
}
