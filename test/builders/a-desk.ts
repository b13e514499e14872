import type { ModalView, View } from '@slack/types';
import { actions as allActions } from '../../src/actions/registry.ts';
import type { Call } from '../../src/commands/call.ts';
import type { Desk } from '../../src/commands/desk.ts';
import { createOffers } from '../../src/commands/offers.ts';
import type { Member } from '../../src/core/approval.ts';
import { createAsk } from '../../src/core/ask.ts';
import { createDecide } from '../../src/core/decide.ts';
import { askedDigest } from '../../src/core/digest/asked-digest.ts';
import { UserError } from '../../src/core/errors.ts';
import { createHealth } from '../../src/core/health.ts';
import type { Directory } from '../../src/core/ports.ts';
import type { Settings } from '../../src/core/settings.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { SentFile } from '../../src/slack/log-file.ts';
import type { Message } from '../../src/slack/message.ts';
import { aClock } from './a-clock.ts';
import { ANA, BEN, CARA, DINA } from './a-request.ts';
import { SESSION_LIMITS } from './a-plan.ts';
import { aSnapshot } from './a-snapshot.ts';
import { createMemoryCloudflare } from './memory-cloudflare.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryLogs } from './memory-logs.ts';
import { createMemoryServer } from './memory-server.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSecret } from '../../src/core/secret.ts';
import { createVault } from '../../src/store/vault.ts';

export const TEAM = BEN.teamId;

export interface Colleague {
  readonly slackId: string;
  readonly name: string;
  readonly email?: string;
  readonly standing?: Member['standing'];
  readonly timeZone?: string;
}

const COLLEAGUES: readonly Colleague[] = [
  ANA,
  { ...BEN, email: 'ben.okafor@lanternhealth.example' },
  { ...CARA, email: 'cara.lindqvist@lanternhealth.example' },
  { ...DINA, email: 'dina.haddad@lanternhealth.example' },
];

/** Slack as the directory sees it. Cara and Dina are approvers. */
export function aDirectory(colleagues: readonly Colleague[] = COLLEAGUES): Directory {
  return {
    async find(slackId) {
      const found = colleagues.find((one) => one.slackId === slackId);
      if (found === undefined) throw new UserError('Slack knows no such person.', { code: 'no-such-person' });
      const { name, email, standing = 'member', timeZone } = found;
      return {
        member: { slackId, teamId: TEAM, standing, ...(timeZone === undefined ? {} : { timeZone }) },
        actor: { slackId, teamId: TEAM, name, ...(email === undefined ? {} : { email }) },
      };
    },
    async byEmail(email) {
      const found = colleagues.find((one) => one.email?.toLowerCase() === email);
      return found && { email, name: found.name, slackId: found.slackId };
    },
    approversMention: async () => '<!subteam^S05APPROVE1>',
    approvers: async () => new Set([CARA.slackId, DINA.slackId]),
  };
}

export interface DeskOptions extends Partial<
  Pick<Desk, 'actions' | 'directory' | 'server' | 'readFile' | 'readMembers'>
> {
  /** In place of those of the account in memory. */
  readonly cloudflare?: Partial<Desk['cloudflare']>;
  readonly snapshot?: Snapshot;
  /** False: the operator has made no key for it. */
  readonly hasVault?: boolean;
}

const SETTINGS: Settings = {
  approvalsNeeded: 1,
  allowSelfApproval: false,
  requestTtlMs: 24 * 60 * 60 * 1000,
  timeZone: 'Europe/Berlin',
  appUrl: 'http://ocs.lantern.example:8000',
  revokeSeat: true,
  sessionLimits: SESSION_LIMITS,
};

/** The commands’ desk over a store and an account in memory. Replaced parts are used by whatever stands on them. */
export function aDesk({
  snapshot = aSnapshot(),
  directory = aDirectory(),
  actions = allActions,
  hasVault = true,
  ...parts
}: DeskOptions = {}) {
  const clock = aClock();
  const store = createMemoryStore(clock);
  const account = createMemoryCloudflare(snapshot);
  const cloudflare = { ...account, ...parts.cloudflare };
  const server = parts.server ?? createMemoryServer();
  const logs = createMemoryLogs();
  const vault = createVault({
    key: hasVault ? createSecret('a5'.repeat(32)) : undefined,
    store,
    ttlMs: 2 * SETTINGS.requestTtlMs,
  });
  const bugs: unknown[] = [];
  const files: (SentFile & { readonly slackId: string })[] = [];
  const desk: Desk = {
    actions,
    ask: createAsk({
      actions,
      store,
      stays: store,
      locks: createMemoryLocks(),
      cloudflare,
      server,
      directory,
      clock,
      settings: SETTINGS,
    }),
    decide: createDecide({ store, directory, clock, settings: SETTINGS }),
    store,
    directory,
    stays: store,
    cloudflare,
    server,
    logs,
    logRetentionDays: 30,
    digestOf: (day) =>
      askedDigest({ store, stays: store, logs, cloudflare, clock, settings: { ...SETTINGS, retentionDays: 30 } }, day),
    sendFile: async (slackId, file) => void files.push({ slackId, ...file }),
    offers: createOffers({ cloudflare, store }),
    vault,
    settings: SETTINGS,
    clock,
    health: createHealth([]),
    teamId: TEAM,
    securityChannel: 'C05SECURE01',
    readFile: parts.readFile ?? (async () => ''),
    readMembers: parts.readMembers ?? (async () => new Map()),
    forgetPeople: () => undefined,
    onBug: (error) => void bugs.push(error),
  };
  return { desk, store, clock, account, logs, vault, files, bugs };
}

/** A call of one person that remembers what came of it. */
export function aCall({ slackId }: { readonly slackId: string }, value = '') {
  const replies: Message[] = [];
  const posts: Message[] = [];
  const views: ModalView[] = [];
  const show = (view: View): void => {
    if (view.type === 'modal') views.push(view);
  };
  const call: Call = {
    userId: slackId,
    teamId: TEAM,
    value,
    reply: async (message) => void replies.push(message),
    post: async (message) => void posts.push(message),
    open: async (view) => {
      show(view);
      return 'V1';
    },
    update: async (_viewId, view) => {
      show(view);
      return true;
    },
  };
  return { call, replies, posts, views };
}
