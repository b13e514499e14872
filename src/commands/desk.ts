import type { Action } from '../core/action.ts';
import type { Ask } from '../core/ask.ts';
import type { Decide } from '../core/decide.ts';
import type { Health } from '../core/health.ts';
import type { Clock, Directory, Store } from '../core/ports.ts';

/** Everything that the commands work with. They decide nothing themselves: they read, ask and answer. */
export interface Desk {
  readonly actions: readonly Action[];
  readonly ask: Ask;
  readonly decide: Decide;
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly health: Health;
  /** Our workspace: a payload that claims another one is refused. */
  readonly teamId: string;
  /** Slack says that this person, or, without an id, a group has changed: ask again next time. */
  readonly forgetPeople: (slackId?: string) => void;
  /** Told of errors that are nobody's but ours; the reference is what the person was given. */
  readonly onBug: (error: unknown, reference: string) => void;
}
