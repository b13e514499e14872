import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack, type Slack } from '../../sandbox/slack/start-slack.ts';
import type { ApproversSource } from '../../src/slack/approvers.ts';
import { createClients } from '../../src/slack/client.ts';
import { createDirectory, type SlackDirectory } from '../../src/slack/directory.ts';
import { readUser } from '../../src/slack/read-user.ts';
import { aClock, type MovableClock } from '../builders/a-clock.ts';
import { ANA, BEN, CARA, DINA } from '../builders/a-request.ts';
import { quietLogger } from './quiet-logger.ts';

const GROUP: ApproversSource = { kind: 'group', idOrHandle: '@ocs-approvers' };
const OLU = 'U05OLU00001';

let slack: Slack;
let clock: MovableClock;
let directory: SlackDirectory;

function aDirectory(approvers: ApproversSource = GROUP): SlackDirectory {
  const { interactive } = createClients(slack.botToken, { apiUrl: slack.apiUrl, logger: quietLogger });
  return createDirectory({ client: interactive, approvers, teamId: slack.team.id, clock });
}

const callsOf = (method: string) => slack.calls.filter((call) => call.method === method).length;

beforeEach(async () => {
  slack = await startSlack();
  clock = aClock();
  directory = aDirectory();
});

afterEach(async () => {
  const seen = [...slack.faultsSeen];
  await slack.stop();
  expect(seen).toEqual([]);
});

describe('who somebody is', () => {
  it('knows name, address and workspace', async () => {
    expect(await directory.find(ANA.slackId)).toEqual({
      actor: { slackId: ANA.slackId, teamId: 'T05LANTERN1', name: 'Ana Souza', email: ANA.email },
      member: { slackId: ANA.slackId, teamId: 'T05LANTERN1', standing: 'member', timeZone: 'America/Sao_Paulo' },
    });
  });

  it.each([
    [BEN.slackId, 'member'],
    [OLU, 'member'],
    ['U05GUS00001', 'guest'],
    ['U05FAY00001', 'deactivated'],
    ['U05DEPLOY01', 'bot'],
    ['U0HMIKA0001', 'foreign'],
  ])('%s is a %s', async (slackId, standing) => {
    expect((await directory.find(slackId)).member.standing).toBe(standing);
  });

  it('takes Slack’s own helper for the bot that it is, and a colleague of another workspace of the organisation for ours', () => {
    expect(readUser({ id: 'USLACKBOT', team_id: 'T1' }, 'T1').member.standing).toBe('bot');
    const onGrid = { id: 'U1', team_id: 'E1', enterprise_user: { teams: ['T1'] } };
    expect(readUser(onGrid, 'T1').member).toEqual({ slackId: 'U1', teamId: 'T1', standing: 'member' });
  });

  it('knows no time zone where Slack names one that this machine does not know', () => {
    expect(readUser({ id: 'U1', team_id: 'T1', tz: 'Mars/Olympus' }, 'T1').member).not.toHaveProperty('timeZone');
  });

  it('refuses somebody who is ours and a stranger at once', () => {
    expect(readUser({ id: 'U1', team_id: 'T1', is_stranger: true }, 'T1').member.standing).toBe('foreign');
    expect(readUser({ id: 'U1' }, 'T1').member.standing).toBe('foreign');
  });

  it('asks once in five minutes', async () => {
    await directory.find(ANA.slackId);
    clock.advance(299_000);
    await directory.find(ANA.slackId);
    expect(callsOf('users.info')).toBe(1);

    clock.advance(1_000);
    await directory.find(ANA.slackId);
    expect(callsOf('users.info')).toBe(2);
  });

  it('asks at once when it has to be fresh', async () => {
    await directory.find(ANA.slackId);
    await slack.people.change('ana', { deleted: true }, { emit: false });

    expect((await directory.find(ANA.slackId)).member.standing).toBe('member');
    expect((await directory.find(ANA.slackId, { fresh: true })).member.standing).toBe('deactivated');
    expect((await directory.find(ANA.slackId)).member.standing).toBe('deactivated');
  });

  it('forgets whom Slack told us about', async () => {
    await directory.find(ANA.slackId);
    await directory.find(BEN.slackId);
    directory.invalidate(ANA.slackId);
    await directory.find(ANA.slackId);
    await directory.find(BEN.slackId);

    expect(callsOf('users.info')).toBe(3);
  });

  it('does not remember an answer that was on its way when Slack told of a change', async () => {
    const reading = directory.find(ANA.slackId);
    directory.invalidate(ANA.slackId);
    await reading;
    await directory.find(ANA.slackId);

    expect(callsOf('users.info')).toBe(2);
  });

  it('says that nobody has this id', async () => {
    await expect(directory.find('U05NOBODY01')).rejects.toMatchObject({ name: 'UserError', code: 'no-such-person' });
  });

  it('is worth another try when Slack is down', async () => {
    slack.faults.down(true);

    await expect(directory.find(ANA.slackId)).rejects.toMatchObject({ name: 'TransientError', code: 'slack-down' });
  });
});

describe('an address', () => {
  it('finds a colleague', async () => {
    expect(await directory.byEmail(ANA.email)).toEqual({ slackId: ANA.slackId, name: 'Ana Souza', email: ANA.email });
  });

  it.each(['nobody@elsewhere.example', 'fay.whitlock@lanternhealth.example', 'mika@harbourworks.example'])(
    'finds nobody whom the bot could not write to: %s',
    async (email) => {
      expect(await directory.byEmail(email)).toBeUndefined();
    },
  );
});

describe('approvers', () => {
  it('are the members of the group, by handle or id', async () => {
    const expected = new Set([CARA.slackId, DINA.slackId, OLU]);

    expect(await directory.approvers()).toEqual(expected);
    expect(await aDirectory({ kind: 'group', idOrHandle: 'S05APPROVE1' }).approvers()).toEqual(expected);
  });

  it('can be listed', async () => {
    const listed = aDirectory({ kind: 'users', ids: [CARA.slackId] });

    expect(await listed.approvers({ fresh: true })).toEqual(new Set([CARA.slackId]));
    expect(slack.calls).toEqual([]);
  });

  it('are read once a minute for what is only shown', async () => {
    await directory.approvers();
    clock.advance(59_000);
    await directory.approvers();
    expect(callsOf('usergroups.users.list')).toBe(1);

    clock.advance(1_000);
    await directory.approvers();
    expect(callsOf('usergroups.users.list')).toBe(2);
  });

  it('who were taken out a second ago are none any more when it counts', async () => {
    await directory.approvers();
    await slack.groups.remove('ocs-approvers', 'cara', { emit: false });

    expect(await directory.approvers({ fresh: true })).not.toContain(CARA.slackId);
  });

  it('are never guessed from an older answer when Slack limits us', async () => {
    await directory.approvers();
    slack.faults.add({ method: 'usergroups.users.list', error: 'ratelimited', retryAfterSeconds: 30, times: 1 });

    await expect(directory.approvers({ fresh: true })).rejects.toMatchObject({
      name: 'TransientError',
      retryAfterMs: 30_000,
    });
  });

  it('are read twice, not ten times, for ten presses at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => directory.approvers({ fresh: true })));

    expect(callsOf('usergroups.users.list')).toBe(2);
  });

  it('never come from a call that began before the press', async () => {
    slack.faults.add({ method: 'usergroups.users.list', latencyMs: 50, times: 1 });
    const first = directory.approvers({ fresh: true });
    await slack.groups.remove('ocs-approvers', 'cara', { emit: false });

    expect(await directory.approvers({ fresh: true })).not.toContain(CARA.slackId);
    await first;
    expect(callsOf('usergroups.users.list')).toBe(2);
  });

  it('are read again after a failure', async () => {
    slack.faults.add({ method: 'usergroups.users.list', status: 500, times: 2 });
    await expect(directory.approvers({ fresh: true })).rejects.toMatchObject({ code: 'slack-down' });

    expect(await directory.approvers({ fresh: true })).toContain(CARA.slackId);
  });

  it('are read again when Slack told us of a change', async () => {
    await directory.approvers();
    directory.invalidate();
    await directory.approvers();

    expect(callsOf('usergroups.users.list')).toBe(2);
  });

  it('can’t come from a group that does not exist, and the operator reads what to do', async () => {
    const wrong = aDirectory({ kind: 'group', idOrHandle: '@ocs-aprovers' });

    await expect(wrong.approvers()).rejects.toThrow(
      'There is no user group @ocs-aprovers in Slack. Create it there, or put another group’s handle into APPROVERS.',
    );
  });

  it('can’t come from a disabled group', async () => {
    const group = slack.workspace.groups.get('S05APPROVE1');
    if (group !== undefined) group.isDisabled = true;

    await expect(directory.approvers()).rejects.toMatchObject({ code: 'group-disabled' });
  });
});

describe('a mention of the approvers', () => {
  it('is their group, looked up once', async () => {
    const mention = await directory.approversMention();
    await directory.approversMention();

    expect(mention).toMatch(/^<!subteam\^S[A-Z0-9]+>$/);
    expect(callsOf('usergroups.list')).toBe(1);
  });

  it('is each of them where they are listed', async () => {
    const listed = aDirectory({ kind: 'users', ids: [CARA.slackId, DINA.slackId] });

    expect(await listed.approversMention()).toBe(`<@${CARA.slackId}> <@${DINA.slackId}>`);
  });

  it('is none where there is nobody, or no such group', async () => {
    expect(await aDirectory({ kind: 'users', ids: [] }).approversMention()).toBeUndefined();
    expect(await aDirectory({ kind: 'group', idOrHandle: '@nobody' }).approversMention()).toBeUndefined();
  });

  it('waits for Slack rather than call nobody', async () => {
    slack.faults.down(true);

    await expect(directory.approversMention()).rejects.toMatchObject({ name: 'TransientError' });
  });
});
