import type { AccessEvent } from '../core/access-event.ts';
import type { Finding } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** What is known of somebody’s way in. What could not be read is undefined, and no check guesses it. */
export interface SignInFacts {
  /** The address asked about, in lower case. */
  readonly email: string;
  /** With the login methods, and the user record and the devices of this address. */
  readonly snapshot: Snapshot | undefined;
  /** The Access log of this address, newest first, one day back. */
  readonly events: readonly AccessEvent[] | undefined;
  /** Who in Slack has the address, or was mentioned. `nobody`: Slack knows no such person. */
  readonly profile: { readonly name: string; readonly email: string | undefined } | 'nobody' | undefined;
  /** Whoever reads it may see other people’s addresses, and can change policies. If not, they read about themselves. */
  readonly isForApprover: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One question about the facts. It finds nothing where the facts that it needs could not be read. */
export interface Check {
  readonly id: string;
  findings(facts: SignInFacts): readonly Finding[];
}
