import type { Token, Tunnel } from './state.ts';

/** What the account looks like at the start. Each option makes one situation that the bot must cope with. */
export interface SeedOptions {
  /** How many people the Allow policy admits, or exactly whom. 14 unless told. */
  people?: number | string[];
  /** How many serial numbers are in the list. 15 unless told. */
  serials?: number;
  /** The Allow policy includes a list of type EMAIL instead of one rule per person. */
  emailList?: boolean;
  /** The Allow policy requires the posture rule. True unless told; without it a serial number protects nothing. */
  requirePosture?: boolean;
  /** The Allow policy is a reusable one. */
  reusable?: boolean;
  /** How many applications share the reusable policy: 1 or 2. */
  appCount?: 1 | 2;
  /** Enrolment is open to everybody of the organisation's e-mail domain, on top of the named people. */
  enrolmentDomain?: boolean;
  /** More applications that could be the one meant. */
  candidateApps?: number;
  /** More Allow policies on the application. */
  candidatePolicies?: number;
  /** Left out of the account. */
  without?: ('app' | 'policy' | 'posture-rule' | 'serial-list' | 'enrolment-app' | 'tunnel')[];
  tunnel?: Tunnel['status'];
  /** Whether the token belongs to the account or to a user; each has its own verify route. */
  tokenKind?: Token['kind'];
  /** Permission groups of the token, as the API names them; all that the bot needs unless told. */
  permissions?: string[];
}
