import type { Action } from '../core/action.ts';
import type { Ask } from '../core/ask.ts';
import type { Decide } from '../core/decide.ts';
import type { Health } from '../core/health.ts';
import type { Clock, Cloudflare, Directory, Stays, Store } from '../core/ports.ts';
import type { Server } from '../core/server.ts';
import type { Settings } from '../core/settings.ts';
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
  readonly cloudflare: Pick<Cloudflare, 'snapshot' | 'devices' | 'appTunnels' | 'accessEvents'>;
  readonly stays: Pick<Stays, 'stayOf'>;
  /** Looked at; what is done there is the worker's. */
  readonly server: Pick<Server, 'containers' | 'logs' | 'byHand'>;
  readonly offers: Offers;
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
