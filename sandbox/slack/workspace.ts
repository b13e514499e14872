import { createChanges, type Changes } from './changes.ts';
import type { JsonObject } from './json.ts';
import type { Seed, SeedApp } from './seed.ts';
import type { FormState } from './form-state.ts';

export interface User {
  id: string;
  teamId: string;
  name: string;
  realName: string;
  email: string;
  tz: string;
  deleted: boolean;
  isAdmin: boolean;
  isBot: boolean;
  isGuest: boolean;
  isStranger: boolean;
}

export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  isArchived: boolean;
  members: Set<string>;
  messages: StoredMessage[];
}

export interface StoredMessage {
  ts: string;
  channel: string;
  /** User id of the author: the bot's or a person's. */
  user: string;
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  files: SentFile[];
  threadTs: string | undefined;
  isBroadcast: boolean;
  editedTs: string | undefined;
  metadata: JsonObject | undefined;
  /** The person who alone sees it, when it is ephemeral. */
  onlyFor: string | undefined;
  from: 'api' | 'ack' | 'response_url' | 'person' | 'slack';
  /** What each person has picked in it so far, by user id. */
  states: Map<string, FormState>;
}

/** A file in a message. */
export interface SentFile {
  id: string;
  name: string;
  title: string;
  /** For screen readers; empty if the app gave none. */
  alt: string;
  /** What stands in it; empty for a picture. */
  text: string;
  /** Of a picture: a `data:` address. */
  picture: string | undefined;
}

export interface Group {
  id: string;
  handle: string;
  name: string;
  isDisabled: boolean;
  members: string[];
}

export interface OpenView {
  id: string;
  userId: string;
  rootId: string;
  previousId: string | undefined;
  /** The view as the app gave it, with the block and action ids that Slack fills in. */
  definition: JsonObject;
  state: FormState;
  errors: Record<string, string>;
  hash: string;
}

export interface StoredFile {
  id: string;
  name: string;
  length: number;
  alt: string;
  body: Buffer | undefined;
  isShared: boolean;
  /** The person who put it into a form; the bot's own uploads have none. */
  by?: string;
}

/** All that the simulated workspace knows. One object, passed along; nothing of it lives in a module. */
export interface Workspace {
  team: Seed['team'];
  app: SeedApp;
  users: Map<string, User>;
  channels: Map<string, Channel>;
  groups: Map<string, Group>;
  files: Map<string, StoredFile>;
  /** What each person alone has been shown, oldest first. */
  ephemerals: Map<string, StoredMessage[]>;
  stacks: Map<string, OpenView[]>;
  homes: Map<string, OpenView>;
  changes: Changes;
  faultsSeen: string[];
  now: () => number;
  /** A message timestamp: a string, never given twice. */
  nextTs: () => string;
  nextId: (prefix: string) => string;
  /** Records something that a careful app would not have done. */
  suspect: (what: string) => void;
}

export function createWorkspace(seed: Seed, now: () => number): Workspace {
  const changes = createChanges();
  const faultsSeen: string[] = [];
  const users = new Map(seed.people.map((person) => [person.id, seedUser(seed, person)]));
  users.set(seed.app.botUserId, botUser(seed));
  const idOf = (short: string) => seed.people.find((person) => person.short === short)?.id ?? short;
  let lastMicros = 0;
  let lastId = 0;

  return {
    team: seed.team,
    app: structuredClone(seed.app),
    users,
    channels: new Map(
      seed.channels.map((channel) => [
        channel.id,
        {
          id: channel.id,
          name: channel.name,
          kind: channel.isPrivate ? 'private' : 'public',
          isArchived: false,
          members: new Set([...channel.members.map(idOf), ...(channel.hasBot ? [seed.app.botUserId] : [])]),
          messages: [],
        } satisfies Channel,
      ]),
    ),
    groups: new Map(
      seed.groups.map((group) => [group.id, { ...group, isDisabled: false, members: group.members.map(idOf) }]),
    ),
    files: new Map(),
    ephemerals: new Map(),
    stacks: new Map(),
    homes: new Map(),
    changes,
    faultsSeen,
    now,
    nextTs() {
      lastMicros = Math.max(now() * 1000, lastMicros + 1);
      const micros = Math.floor(lastMicros);
      return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
    },
    nextId(prefix) {
      lastId += 1;
      return `${prefix}05${String(lastId).padStart(8, '0')}`;
    },
    suspect(what) {
      faultsSeen.push(what);
      changes.tell('fault', what);
    },
  };
}

function seedUser(seed: Seed, person: Seed['people'][number]): User {
  return {
    id: person.id,
    teamId: person.role === 'stranger' ? seed.strangerTeamId : seed.team.id,
    name: person.short,
    realName: person.realName,
    email: person.email,
    tz: person.tz,
    deleted: person.role === 'deactivated',
    isAdmin: person.role === 'admin',
    isBot: person.role === 'bot',
    isGuest: person.role === 'guest',
    isStranger: person.role === 'stranger',
  };
}

function botUser(seed: Seed): User {
  return {
    id: seed.app.botUserId,
    teamId: seed.team.id,
    name: seed.app.name,
    realName: seed.app.name,
    email: '',
    tz: 'Etc/UTC',
    deleted: false,
    isAdmin: false,
    isBot: true,
    isGuest: false,
    isStranger: false,
  };
}
