import type { Token, Tunnel } from './state.ts';

/** What the account looks like at the start. Each option makes one situation that the bot must cope with. */
export interface SeedOptions {
  /** How many people the Allow policy admits, or exactly whom. 14 unless told. */
  people?: number | string[];
  /** How many serial numbers are in the list. 15 unless told, or as many as there are laptops. */
  serials?: number;
  /** How many of the people, from the first on, have a laptop that is registered. 12 unless told. */
  laptops?: number;
  /** Everybody with a laptop is logged in to the application. */
  sessions?: boolean;
  /** The second person works on the laptop of the first too. */
  sharedLaptop?: boolean;
  /** The list says of the first person's serial number that it is the second one's as well. */
  sharedSerial?: boolean;
  /** The Allow policy includes a group inside a group, whose members are `nested@partner.example` and the first person. */
  nestedGroups?: boolean;
  /** The Allow policy includes a GitHub organisation and an Okta group, which nobody here can judge. */
  providerGroups?: boolean;
  /** The Allow policy includes everybody of the organisation's e-mail domain. */
  accessDomain?: boolean;
  /** The application has a bypass policy for everybody as well. */
  bypass?: boolean;
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
  /** `session_duration` of the application, such as `12h`. `8h` unless told. */
  appSession?: string;
  /** The Allow policy has a session length of its own, which wins over the application's. None unless told. */
  policySession?: string;
  /** `warp_auth_session_duration` of the organisation. `24h` unless told; `none` leaves it out. */
  warpSession?: string;
  /** People may sign in to all applications by their WARP session. */
  authenticateViaWarp?: boolean;
  /** What the Gateway rule enforces. `24h` unless told; with `none` the network session never ends. */
  networkSession?: string;
  /** Login methods of the account, all of them offered by the application. One-time PIN unless told. */
  loginMethods?: ('onetimepin' | 'google')[];
  tunnel?: Tunnel['status'];
  /** The name of the application has a route of its own through the tunnel. */
  hostnameRoute?: boolean;
  /** A second tunnel with the very same name, which carries the network route 10.30.0.0/16. */
  secondTunnel?: boolean;
  /** How many cloudflared serve the tunnel. 1 unless told. */
  replicas?: number;
  /** `none`: no route leads through any tunnel. */
  routes?: 'none';
  /** The tunnel is served by a cloudflared that is out of support. */
  oldVersion?: boolean;
  /** Whether the token belongs to the account or to a user; each has its own verify route. */
  tokenKind?: Token['kind'];
  /** Permission groups of the token, as the API names them; all that the bot needs unless told. */
  permissions?: string[];
}
