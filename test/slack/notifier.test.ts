import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import type { HomeFacts } from '../../src/core/home.ts';
import type { Notifier } from '../../src/core/ports.ts';
import type { Post } from '../../src/core/post.ts';
import type { Request } from '../../src/core/request.ts';
import { createClients } from '../../src/slack/client.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { createNotifier } from '../../src/slack/notifier.ts';
import { ANA, aRequest, ASKED_AT, BEN, CARA, denial, done, running } from '../builders/a-request.ts';
import { createMemoryStore, type MemoryStore } from '../builders/memory-store.ts';
import { anIncident, cutOff, failing } from './an-incident.ts';
import { aHome } from './a-home.ts';
import { quietLogger } from './quiet-logger.ts';

const CHANNELS = {
  approvals: 'C05APPROVE1',
  audit: 'C05AUDIT001',
  ops: 'C05SECURE01',
  security: 'C05SECURE01',
  digest: 'C05AUDIT001',
};
const card: Post = { kind: 'approval-card', requestId: 'REQ-0142' };
const feedback: Post = { kind: 'feedback', requestId: 'REQ-0142', from: ANA.slackId, isIn: true };

let slack: Slack;
let store: MemoryStore;
let notifier: Notifier;
let homes: Map<string, HomeFacts>;

function aNotifier(
  from: Pick<MemoryStore, 'load' | 'keep' | 'recall' | 'forget' | 'claim' | 'release'> = store,
): Notifier {
  const { bulk } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
  const clock = { now: () => Date.now() };
  const directory = createDirectory({
    client: bulk,
    approvers: { kind: 'users', ids: [CARA.slackId] },
    teamId: slack.team.id,
    clock,
  });
  return createNotifier({
    client: bulk,
    store: from,
    directory,
    channels: CHANNELS,
    homesOf: async (ids) => ({ homes: ids.flatMap((id) => homes.get(id) ?? []), failures: [] }),
  });
}

const cards = () => slack.messages('ocs-approvals');
const inSecurity = () => slack.messages('ocs-security');
/** The ops channel is the same here. */
const said = () => inSecurity().map((message) => slack.text(message));
const toCara = () => slack.dms('cara').map((message) => slack.text(message));
const published = () => callsOf('views.publish').map(({ args }) => args['user_id']);
const home = (slackId: string, changes: Partial<HomeFacts> = {}) => homes.set(slackId, aHome({ slackId, ...changes }));
const callsOf = (method: string) => slack.calls.filter((call) => call.method === method);

beforeEach(async () => {
  slack = await startSlack();
  homes = new Map();
  store = createMemoryStore({ now: () => Date.now() });
  await store.commit({ request: aRequest({ version: 0 }), audit: [], effects: [] });
  isNow(aRequest());
  notifier = aNotifier();
});

afterEach(async () => {
  const seen = [...slack.faultsSeen];
  await slack.stop();
  expect(seen).toEqual([]);
});

describe('a card', () => {
  it('is posted once and edited from then on', async () => {
    await notifier.deliver(card);
    isNow(aRequest({ ...running, version: 4 }));
    await notifier.deliver(card);

    expect(cards()).toHaveLength(1);
    expect(cards()[0]).toMatchObject({ isEdited: true });
    expect(slack.text(cards()[0] ?? fail())).toContain('⏳ REQ-0142 is in progress');
  });

  it('is edited by another process too', async () => {
    await notifier.deliver(card);
    isNow(aRequest({ ...done, version: 9 }));
    await aNotifier().deliver(card);

    expect(cards()).toHaveLength(1);
    expect(slack.text(cards()[0] ?? fail())).toContain('✅ REQ-0142 is done');
  });

  it('is not sent again when it would show nothing new', async () => {
    await notifier.deliver(card);
    isNow(aRequest({ version: 4 }));
    await notifier.deliver(card);

    expect(callsOf('chat.update')).toHaveLength(0);
    expect(callsOf('chat.postMessage')).toHaveLength(1);
  });

  it('shows the truth even when it comes late', async () => {
    isNow(aRequest({ ...done, version: 9 }));
    await notifier.deliver(card);

    expect(slack.text(cards()[0] ?? fail())).toContain('✅ REQ-0142 is done');
  });

  it('is posted anew when somebody deleted it', async () => {
    await notifier.deliver(card);
    const channel = slack.workspace.channels.get(CHANNELS.approvals) ?? fail();
    channel.messages = [];
    isNow(aRequest({ ...done, version: 9 }));
    await notifier.deliver(card);

    expect(cards()).toHaveLength(1);
    expect(slack.text(cards()[0] ?? fail())).toContain('✅ REQ-0142 is done');
  });

  // Overtaken before it edits, it leaves the newer picture alone; overtaken later, it has to put it back.
  it.each([
    ['load', 1],
    ['recall', 3],
  ] as const)(
    'is drawn again when another process showed something newer meanwhile, right after the %s',
    async (call, edits) => {
      await notifier.deliver(card);
      const other = aNotifier();
      const overtaken = overtakenAfter(call, async () => {
        isNow(aRequest({ ...done, version: 9 }));
        await other.deliver(card);
      });
      isNow(aRequest({ ...running, version: 4 }));
      await aNotifier(overtaken).deliver(card);

      expect(slack.text(cards()[0] ?? fail())).toContain('✅ REQ-0142 is done');
      expect(callsOf('chat.update')).toHaveLength(edits);
    },
  );

  it('is not posted for a request that approvers never saw', async () => {
    isNow(aRequest({ plan: undefined, status: 'withdrawn' }));
    await notifier.deliver(card);

    expect(cards()).toHaveLength(0);
  });

  it('goes out once when two processes deliver it at the same moment', async () => {
    const outcomes = await Promise.allSettled([notifier.deliver(card), aNotifier().deliver(card)]);

    expect(cards()).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'message-busy' } },
    ]);
  });
});

describe('blocks that Slack refuses', () => {
  it('are sent again in an older form', async () => {
    slack.faults.refuseBlock('plan');
    isNow(aRequest(running));
    await notifier.deliver(card);

    expect(slack.text(cards()[0] ?? fail())).toContain('⏳ In progress: Let ana.souza@lanternhealth.example in');
  });

  it('cost one refused call, not one for every edit', async () => {
    slack.faults.refuseBlock('plan');
    isNow(aRequest(running));
    await notifier.deliver(card);
    isNow(aRequest({ ...done, version: 9 }));
    await notifier.deliver(card);

    expect(callsOf('chat.postMessage')).toHaveLength(2);
    expect(callsOf('chat.update')).toHaveLength(1);
    expect(slack.text(cards()[0] ?? fail())).toContain('✅ Done: Put serial');
  });

  it('leave the text when nothing else is taken', async () => {
    for (const type of ['plan', 'section', 'header', 'context']) slack.faults.refuseBlock(type);
    await notifier.deliver(card);

    expect(cards()[0]?.blocks).toEqual([]);
    expect(cards()[0]?.text).toContain('REQ-0142 needs your approval.');
  });
});

describe('direct messages', () => {
  it('reach whoever asked, through a channel that is opened once', async () => {
    await notifier.deliver({ kind: 'requester-card', requestId: 'REQ-0142' });
    isNow(aRequest(done));
    await notifier.deliver({ kind: 'outcome', requestId: 'REQ-0142' });

    expect(slack.dms('ben')).toHaveLength(2);
    expect(callsOf('conversations.open')).toHaveLength(1);
  });

  it('are not sent twice when they are delivered twice', async () => {
    isNow(aRequest(done));
    await notifier.deliver({ kind: 'outcome', requestId: 'REQ-0142' });
    await notifier.deliver({ kind: 'outcome', requestId: 'REQ-0142' });

    expect(slack.dms('ben')).toHaveLength(1);
  });

  it('ask a colleague, and thank them in the same message', async () => {
    const waiting = { waitsFor: { field: 'device', from: ANA } };
    isNow(aRequest({ ...waiting, status: 'waiting' }));
    await notifier.deliver({ kind: 'invite', requestId: 'REQ-0142' });
    isNow(aRequest({ ...waiting, version: 4 }));
    await notifier.deliver({ kind: 'invite', requestId: 'REQ-0142' });

    expect(slack.dms('ana').map((message) => slack.text(message))).toEqual([
      expect.stringContaining('Thank you, Ana Souza'),
    ]);
  });

  it('do not tell a colleague of the end of something that they never heard of', async () => {
    isNow(aRequest({ waitsFor: { field: 'device', from: ANA }, status: 'withdrawn' }));
    await notifier.deliver({ kind: 'invite', requestId: 'REQ-0142' });

    expect(slack.dms('ana')).toEqual([]);
  });

  it('welcome the new colleague', async () => {
    isNow(aRequest(done));
    await notifier.deliver({
      kind: 'welcome',
      requestId: 'REQ-0142',
      slackId: ANA.slackId,
      isForReader: true,
      email: ANA.email,
      name: ANA.name,
      teamName: 'lantern-health',
      appUrl: 'http://ocs.lantern:8000',
      isReplacement: false,
    });

    expect(slack.text(slack.dms('ana')[0] ?? fail())).toContain('# 👋 You have access to Open Chat Studio');
  });

  it('bring back the answer to the welcome, with the name', async () => {
    isNow(aRequest(done));
    await notifier.deliver(feedback);

    expect(slack.dms('ben')[0]?.text).toBe('Ana Souza is in. Your request REQ-0142 has done its work.');
  });

  it('are not written to the bot itself', async () => {
    isNow(aRequest({ requester: { slackId: 'system', teamId: 'system', name: 'ocs-access' } }));
    await notifier.deliver({ kind: 'requester-card', requestId: 'REQ-0142' });

    expect(slack.calls).toEqual([]);
  });

  it('can’t reach somebody deactivated, and say so', async () => {
    isNow(aRequest({ requester: { slackId: 'U05FAY00001', teamId: 'T05LANTERN1', name: 'Fay' } }));

    await expect(notifier.deliver({ kind: 'requester-card', requestId: 'REQ-0142' })).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'slack-user-disabled',
    });
  });

  it('open the channel anew when the remembered one is gone', async () => {
    await store.keep(`dm:U05BEN00001`, 'D0GONE00001', 1000);
    const post: Post = { kind: 'requester-card', requestId: 'REQ-0142' };

    await notifier.deliver(post);
    expect(slack.dms('ben')).toHaveLength(1);
  });

  it('are posted anew in that channel where the message to edit went with the other one', async () => {
    const post: Post = { kind: 'requester-card', requestId: 'REQ-0142' };
    await notifier.deliver(post);
    const handle = (await store.recall('message:requester-card:REQ-0142')) as object;
    await store.keep('message:requester-card:REQ-0142', { ...handle, channel: 'D0GONE00001' }, 1000);
    await store.keep('dm:U05BEN00001', 'D0GONE00001', 1000);
    isNow(aRequest({ ...done, version: 9 }));

    await notifier.deliver(post);
    await notifier.deliver(post);

    expect(slack.dms('ben').map((message) => slack.text(message).split('\n')[0])).toEqual([
      '# 🔔 REQ-0142 is waiting for approval',
      '# ✅ REQ-0142 is done',
    ]);
  });
});

describe('the thread of a request', () => {
  const incident: Post = { kind: 'incident-card', requestId: 'REQ-0142' };
  const events: Post = { kind: 'incident-events', requestId: 'REQ-0142', email: ANA.email, since: 0, events: [] };
  const event = { at: ASKED_AT, email: ANA.email, allowed: false, app: 'ocs', ip: '203.0.113.7' };

  it('of an incident is under its card in the security channel', async () => {
    isNow(anIncident(cutOff));
    await notifier.deliver(incident);
    await notifier.deliver(events);
    await notifier.deliver(events);

    expect(inSecurity()).toHaveLength(1);
    expect(inSecurity()[0]?.replies).toHaveLength(1);
    expect(slack.text(inSecurity()[0] ?? fail())).toContain('  | Nobody came in, and nobody was turned away.');
  });

  it('is the channel when the card is gone', async () => {
    isNow(anIncident(cutOff));
    await notifier.deliver(incident);
    const channel = slack.workspace.channels.get(CHANNELS.security) ?? fail();
    channel.messages = [];
    await notifier.deliver(events);

    expect(inSecurity()).toMatchObject([{ threadTs: undefined }]);
  });

  it('has each report of attempts, and shows the channel only those that were let in', async () => {
    isNow(anIncident(cutOff));
    await notifier.deliver(incident);
    await notifier.deliver({ kind: 'attempts', requestId: 'REQ-0142', events: [event] });
    await notifier.deliver({
      kind: 'attempts',
      requestId: 'REQ-0142',
      events: [{ ...event, at: ASKED_AT + 1000, allowed: true }],
    });

    const posts = callsOf('chat.postMessage').slice(1);
    expect(posts.map(({ args }) => args['reply_broadcast'])).toEqual(['false', 'true']);
    expect(inSecurity()[0]?.replies.at(-1)?.text).toContain(`<@${CARA.slackId}> REQ-0142: somebody came in`);
  });

  it('calls the approvers to what keeps failing, in the channel too', async () => {
    isNow(anIncident(failing));
    await notifier.deliver(incident);
    await notifier.deliver({ kind: 'stuck', requestId: 'REQ-0142' });

    expect(inSecurity()[0]?.replies[0]?.text).toContain('access is not taken away yet');
    expect(callsOf('chat.postMessage').at(-1)?.args).toMatchObject({ reply_broadcast: 'true' });
  });

  it('calls nobody once it is over', async () => {
    isNow(anIncident(cutOff));
    await notifier.deliver({ kind: 'stuck', requestId: 'REQ-0142' });
    await notifier.deliver({ kind: 'reminder', requestId: 'REQ-0142', isFirst: true });

    expect(slack.calls).toEqual([]);
  });

  it('reminds the approvers where the buttons are', async () => {
    await notifier.deliver(card);
    await notifier.deliver({ kind: 'reminder', requestId: 'REQ-0142', isFirst: false });
    await notifier.deliver({ kind: 'reminder', requestId: 'REQ-0142', isFirst: false });

    expect(cards()[0]?.replies).toMatchObject([{ text: expect.stringContaining('still waits for a decision') }]);
  });
});

describe('the end of access', () => {
  const notice: Post = { kind: 'end-notice', requestId: 'REQ-0142', person: ANA, endsAt: ASKED_AT, days: 3 };

  it('is told once to the person and once to the approvers', async () => {
    isNow(aRequest(done));
    await notifier.deliver({ ...notice, slackId: ANA.slackId });
    await notifier.deliver(notice);
    await notifier.deliver(notice);

    expect(slack.dms('ana')[0]?.text).toContain('Your access to Open Chat Studio ends');
    expect(cards().map(({ text }) => text)).toEqual([expect.stringContaining('The access of Ana Souza')]);
  });
});

describe('the Home tab', () => {
  it('is drawn for whoever has opened it, and not for anybody else', async () => {
    home(ANA.slackId);
    await notifier.deliver({ kind: 'home', slackId: ANA.slackId });
    await notifier.deliver({ kind: 'home', slackId: BEN.slackId });

    expect(published()).toEqual([ANA.slackId]);
    expect(slack.text(slack.as('ana').home() ?? fail())).toContain('[Report a lost device]');
  });

  it('is not drawn again when nothing on it has changed, whoever drew it', async () => {
    home(ANA.slackId);
    await notifier.deliver({ kind: 'home', slackId: ANA.slackId });
    home(ANA.slackId, { at: ASKED_AT + 60_000 });
    await aNotifier().deliver({ kind: 'home', slackId: ANA.slackId });
    home(ANA.slackId, { endsAt: ASKED_AT + 60_000 });
    await aNotifier().deliver({ kind: 'home', slackId: ANA.slackId });

    expect(published()).toEqual([ANA.slackId, ANA.slackId]);
  });

  it('is drawn for everybody whom a request concerns, whoever of them fails', async () => {
    home(BEN.slackId);
    home(ANA.slackId);
    home(CARA.slackId);
    slack.faults.add({ method: 'views.publish', error: 'internal_error', times: 1 });

    await expect(notifier.deliver({ kind: 'homes', requestId: 'REQ-0142' })).rejects.toMatchObject({
      name: 'TransientError',
    });
    await notifier.deliver({ kind: 'homes', requestId: 'REQ-0142' });

    // Three at first, and once more the one that failed.
    expect(published()).toHaveLength(4);
    expect([BEN, ANA, CARA].map(({ slackId }) => published().includes(slackId))).toEqual([true, true, true]);
  });
});

describe('the other channels', () => {
  it('get the summary and the alerts', async () => {
    isNow(aRequest({ status: 'denied', denial }));
    await notifier.deliver({ kind: 'audit-summary', requestId: 'REQ-0142' });
    await notifier.deliver({ kind: 'operator-alert', says: 'The token is gone.' });

    expect(slack.text(slack.messages('ocs-audit')[0] ?? fail())).toContain('Denied by: @cara (U05CARA0001)');
    expect(slack.messages('ocs-security')[0]?.text).toBe('ocs-access needs its operator. The token is gone.');
  });
});

describe('the alert of the operators, in a channel that takes none,', () => {
  const alert: Post = { kind: 'operator-alert', says: 'The digest of 2026-11-20 could not be delivered.' };

  it('goes to the approvers directly', async () => {
    slack.channels.archive('ocs-security');

    await notifier.deliver(alert);

    expect(toCara()).toMatchInlineSnapshot(`
      [
        "# 🔧 ocs-access needs its operator
      The digest of 2026-11-20 could not be delivered. You get this directly because it can’t be said in the channel of the operators: The channel is archived. Unarchive it, or put another one into the configuration.",
      ]
    `);
  });

  it('reaches an approver whose remembered channel is gone', async () => {
    slack.channels.archive('ocs-security');
    await store.keep(`dm:${CARA.slackId}`, 'D0GONE00001', 1000);

    await notifier.deliver(alert);

    expect(toCara()).toHaveLength(1);
  });

  it('waits while Slack can’t be reached for the moment', async () => {
    slack.faults.add({ method: 'chat.postMessage', error: 'internal_error', times: 1 });

    await expect(notifier.deliver(alert)).rejects.toMatchObject({ name: 'TransientError' });
    expect(toCara()).toEqual([]);
  });
});

describe('the alert of a tunnel', () => {
  const down: Post = {
    kind: 'tunnel-alert',
    alertId: `tunnel-ocs-${ASKED_AT}`,
    seq: 1,
    tunnel: { id: 'tunnel-ocs', name: 'lantern-ocs' },
    status: 'down',
    since: ASKED_AT,
    was: ['down'],
    drops: 1,
    downMs: 0,
    restarts: [],
    gaveUp: false,
  };
  const well: Post = { ...down, seq: 2, status: 'healthy', endedAt: ASKED_AT + 90_000, downMs: 90_000 };

  it('is one message in the ops channel, edited when the tunnel is well again', async () => {
    await notifier.deliver(down);
    await aNotifier().deliver(well);

    expect(said()).toEqual([expect.stringContaining('✅ The tunnel lantern-ocs is well again')]);
    expect(inSecurity()[0]).toMatchObject({ isEdited: true });
  });

  it('is not undone by an older one that comes late or again', async () => {
    await notifier.deliver(down);
    await notifier.deliver(well);
    await notifier.deliver(down);
    await notifier.deliver(well);

    expect(said()).toEqual([expect.stringContaining('is well again')]);
    expect(callsOf('chat.update')).toHaveLength(1);
  });

  it('shows the newest also where that comes first', async () => {
    await notifier.deliver(well);
    await notifier.deliver(down);

    expect(said()).toEqual([expect.stringContaining('is well again')]);
    expect(callsOf('chat.update')).toHaveLength(0);
  });

  it('is put right when a process that hung edits it with something older', async () => {
    await notifier.deliver(down);
    const other = aNotifier();
    // The first look is for the newest, the second for the message.
    const overtaken = overtakenAfter('recall', () => other.deliver({ ...well, seq: 3 }), 2);
    await aNotifier(overtaken).deliver({ ...down, seq: 2, status: 'degraded' });

    expect(said()).toEqual([expect.stringContaining('is well again')]);
  });

  it('is posted anew when somebody deleted it, and another outage has a message of its own', async () => {
    await notifier.deliver(down);
    const channel = slack.workspace.channels.get(CHANNELS.ops) ?? fail();
    channel.messages = [];
    await notifier.deliver(well);
    await notifier.deliver({ ...down, alertId: 'tunnel-ocs-later' });

    expect(said()).toEqual([
      expect.stringContaining('is well again'),
      expect.stringContaining('🚨 The tunnel lantern-ocs is down'),
    ]);
  });
});

describe('help with a code that does not arrive', () => {
  it('is sent to the person, and not a second time right after', async () => {
    const help: Post = {
      kind: 'otp-help',
      slackId: ANA.slackId,
      email: ANA.email,
      appUrl: 'http://ocs.lantern:8000',
      wasReset: false,
    };
    await notifier.deliver(help);
    await aNotifier().deliver(help);

    expect(slack.dms('ana')).toHaveLength(1);
  });
});

describe('trouble', () => {
  it('with the limit says how long to wait', async () => {
    slack.faults.add({ method: 'chat.postMessage', error: 'ratelimited', retryAfterSeconds: 60, times: 1 });

    await expect(notifier.deliver(card)).rejects.toMatchObject({ name: 'TransientError', retryAfterMs: 60_000 });
    await notifier.deliver(card);
    expect(cards()).toHaveLength(1);
  });

  it('with Slack itself is worth another try', async () => {
    slack.faults.down(true);

    await expect(notifier.deliver(card)).rejects.toMatchObject({ name: 'TransientError', code: 'slack-down' });
  });

  it('with the channel tells the operator what to do', async () => {
    slack.channels.remove('ocs-approvals', 'bot');

    await expect(notifier.deliver(card)).rejects.toMatchObject({
      name: 'PermanentError',
      message: 'The bot is not in the channel. Type /invite @ocs-access in it.',
    });
  });

  it('with a request that is gone is final', async () => {
    await expect(notifier.deliver({ ...card, requestId: 'REQ-9999' })).rejects.toMatchObject({
      code: 'no-such-request',
    });
  });
});

/** What became of the request meanwhile. */
function isNow(request: Request): void {
  store.tamper(request.id, () => request);
}

function fail(): never {
  throw new Error('there is none');
}

/** The same store, with something that happens right after its first answer to this call, or after that time. */
function overtakenAfter(call: 'load' | 'recall', then: () => Promise<void>, time = 1): MemoryStore {
  let times = 0;
  return {
    ...store,
    [call]: async (key: string) => {
      const answer: unknown = await store[call](key);
      times += 1;
      if (times === time) await then();
      return answer;
    },
  };
}
