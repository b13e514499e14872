/** The people, channels and the app that a fresh workspace has. */
export interface SeedPerson {
  /** How tests and mentions call them: the Slack handle. */
  short: string;
  id: string;
  realName: string;
  email: string;
  tz: string;
  role: 'member' | 'admin' | 'guest' | 'deactivated' | 'bot' | 'stranger';
}

export interface SeedChannel {
  id: string;
  name: string;
  isPrivate: boolean;
  /** Short names. */
  members: string[];
  hasBot: boolean;
}

export interface SeedGroup {
  id: string;
  handle: string;
  name: string;
  /** Short names. */
  members: string[];
}

export interface SeedApp {
  id: string;
  name: string;
  botUserId: string;
  botId: string;
  scopes: string[];
  commands: { command: string; shouldEscape: boolean }[];
  shortcuts: { callbackId: string; type: 'global' | 'message'; name: string }[];
  events: string[];
}

export interface Seed {
  team: { id: string; name: string; domain: string };
  strangerTeamId: string;
  people: SeedPerson[];
  channels: SeedChannel[];
  groups: SeedGroup[];
  app: SeedApp;
}

const staff = ['ana', 'ben', 'cara', 'dina', 'olu'];

export const lanternHealth: Seed = {
  team: { id: 'T05LANTERN1', name: 'Lantern Health', domain: 'lanternhealth' },
  strangerTeamId: 'T0HARBOURX1',
  people: [
    {
      short: 'ana',
      id: 'U05ANA00001',
      realName: 'Ana Souza',
      email: 'ana.souza@lanternhealth.example',
      tz: 'America/Sao_Paulo',
      role: 'member',
    },
    {
      short: 'ben',
      id: 'U05BEN00001',
      realName: 'Ben Okafor',
      email: 'ben.okafor@lanternhealth.example',
      tz: 'Africa/Lagos',
      role: 'member',
    },
    {
      short: 'cara',
      id: 'U05CARA0001',
      realName: 'Cara Lindqvist',
      email: 'cara.lindqvist@lanternhealth.example',
      tz: 'Europe/Stockholm',
      role: 'member',
    },
    {
      short: 'dina',
      id: 'U05DINA0001',
      realName: 'Dina Haddad',
      email: 'dina.haddad@lanternhealth.example',
      tz: 'Africa/Cairo',
      role: 'member',
    },
    {
      short: 'olu',
      id: 'U05OLU00001',
      realName: 'Olu Adeyemi',
      email: 'olu.adeyemi@lanternhealth.example',
      tz: 'Europe/London',
      role: 'admin',
    },
    {
      short: 'gus',
      id: 'U05GUS00001',
      realName: 'Gus Moreau',
      email: 'gus.moreau@lanternhealth.example',
      tz: 'Europe/Paris',
      role: 'guest',
    },
    {
      short: 'fay',
      id: 'U05FAY00001',
      realName: 'Fay Whitlock',
      email: 'fay.whitlock@lanternhealth.example',
      tz: 'Europe/London',
      role: 'deactivated',
    },
    { short: 'deploybot', id: 'U05DEPLOY01', realName: 'Deploy Bot', email: '', tz: 'Etc/UTC', role: 'bot' },
    {
      short: 'mika',
      id: 'U0HMIKA0001',
      realName: 'Mika Virtanen',
      email: 'mika@harbourworks.example',
      tz: 'Europe/Helsinki',
      role: 'stranger',
    },
  ],
  channels: [
    { id: 'C05GENERAL1', name: 'general', isPrivate: false, members: [...staff, 'gus', 'mika'], hasBot: false },
    { id: 'C05APPROVE1', name: 'ocs-approvals', isPrivate: false, members: staff, hasBot: true },
    { id: 'C05AUDIT001', name: 'ocs-audit', isPrivate: true, members: ['cara', 'dina', 'olu'], hasBot: true },
    { id: 'C05SECURE01', name: 'ocs-security', isPrivate: false, members: staff, hasBot: true },
    { id: 'C05OPSTEAM1', name: 'ocs-ops', isPrivate: false, members: staff, hasBot: true },
  ],
  groups: [{ id: 'S05APPROVE1', handle: 'ocs-approvers', name: 'OCS approvers', members: ['cara', 'dina', 'olu'] }],
  app: {
    id: 'A05OCSACCES',
    name: 'ocs-access',
    botUserId: 'U05OCSBOT01',
    botId: 'B05OCSBOT01',
    scopes: [
      'commands',
      'chat:write',
      'im:write',
      'users:read',
      'users:read.email',
      'usergroups:read',
      'channels:read',
      'groups:read',
      'files:read',
      'files:write',
    ],
    commands: [{ command: '/ocs-access', shouldEscape: true }],
    shortcuts: [{ callbackId: 'lost_device_global', type: 'global', name: 'Report a lost device' }],
    events: ['app_home_opened', 'subteam_members_changed', 'user_change'],
  },
};
