import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { asObject, asText, type JsonObject } from '../../../sandbox/slack/json.ts';
import { type Slack, type SlackOptions } from '../../../sandbox/slack/start-slack.ts';
import { startSlackWithFullApp } from './full-app.ts';
import { startBoth, type Running } from './bolt-app.ts';
import { call, connectRaw } from './raw-app.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function start(options: SlackOptions = {}): Promise<Slack> {
  const slack = await startSlackWithFullApp(options);
  endings.push(() => slack.stop());
  return slack;
}

async function startApp(...given: Parameters<typeof startBoth>): Promise<Running> {
  const running = await startBoth(...given);
  endings.push(() => running.stop());
  return running;
}

/** An app that answers as a test says and keeps what came. */
async function rawServer(
  answer: (request: IncomingMessage, body: string) => { status: number; headers?: Record<string, string> },
): Promise<{ url: string; seen: { headers: IncomingMessage['headers']; body: string }[] }> {
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ headers: request.headers, body });
      const { status, headers = {} } = answer(request, body);
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, seen };
}

describe('Socket Mode', () => {
  it('says hello, counts connections and hands each payload to one of them', async () => {
    const slack = await start();
    const first = await connectRaw(slack);
    const second = await connectRaw(slack);
    expect(first.hello).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A05OCSACCES' },
    });
    expect(second.hello).toMatchObject({ num_connections: 2 });

    for (const [index, socket] of [first, second].entries()) {
      const typed = slack.as('ana').types('/ocs-access');
      const envelope = await socket.next();
      expect(envelope).toMatchObject({ type: 'slash_commands', accepts_response_payload: true });
      socket.send({ envelope_id: envelope['envelope_id'], payload: { text: `answer ${index}` } });
      expect(await typed).toMatchObject({ acked: true });
    }

    expect(slack.as('ana').ephemerals().map(slack.text)).toEqual(['answer 0', 'answer 1']);
    expect([first.frames.length, second.frames.length]).toEqual([2, 2]);
  });

  it('takes ten connections', async () => {
    const slack = await start();
    for (let count = 0; count < 10; count += 1) await connectRaw(slack);
    const eleventh = await connectRaw(slack);

    expect(eleventh.hello).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.connections()).toBe(10);
    expect(slack.takeFaultsSeen()).toEqual(['more than 10 Socket Mode connections']);
  });

  it('gives an address that works once', async () => {
    const slack = await start();
    const { url } = await call(slack, 'apps.connections.open', {}, slack.appToken);
    const knock = () =>
      new Promise((resolve) => {
        const socket = new WebSocket(asText(url));
        socket.on('open', () => resolve('open'));
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      });

    expect([await knock(), await knock()]).toEqual(['open', 401]);
  });

  it('tells the person when the app is not there', async () => {
    const slack = await start();

    expect(await slack.as('ana').types('/ocs-access help')).toMatchObject({ acked: false, shown: 'dispatch_failed' });
    expect(slack.as('ana').ephemerals().map(slack.text)).toEqual(['/ocs-access failed: dispatch_failed']);
    expect(slack.takeFaultsSeen()).toEqual(['command /ocs-access help: dispatch_failed: the app is not connected']);
  });

  it('notes an ack that comes late, twice, from elsewhere or for nothing', async () => {
    const slack = await start({ ackTimeoutMs: 30 });
    const [first, second] = [await connectRaw(slack), await connectRaw(slack)];
    const typed = slack.as('ana').types('/ocs-access');
    const { envelope_id } = await first.next();
    expect(await typed).toMatchObject({ acked: false, shown: 'the app did not respond (operation_timeout)' });

    first.send({ envelope_id });
    await slack.until(() => slack.faultsSeen.some((one) => one.includes('late')), { what: 'the late ack' });
    first.send({ envelope_id });
    await slack.until(() => slack.faultsSeen.some((one) => one.includes('twice')), { what: 'the second ack' });
    second.send({ envelope_id });
    second.send({ envelope_id: 'nothing' });
    await slack.until(() => slack.faultsSeen.length === 5, { what: 'all five' });

    expect(slack.takeFaultsSeen().map((one) => one.replace(/\d+ ms/, 'N ms'))).toEqual([
      'command /ocs-access: operation_timeout',
      'command /ocs-access: acknowledged late, after N ms',
      'command /ocs-access: acknowledged twice',
      'command /ocs-access: acknowledged on another connection',
      'a frame that acknowledges nothing we sent: {"envelope_id":"nothing"}',
    ]);
  });

  it('asks one connection to come back and keeps using the other', async () => {
    const slack = await start();
    const [first, second] = [await connectRaw(slack), await connectRaw(slack)];
    slack.refresh();
    expect(await first.next()).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });

    const typed = slack.as('ana').types('/ocs-access');
    const { envelope_id } = await second.next();
    second.send({ envelope_id });

    expect(await typed).toMatchObject({ acked: true });
  });

  it('brings real Bolt back after a refresh', async () => {
    const { slack } = await startApp('socket', (app) => app.command('/ocs-access', ({ ack }) => ack('here')));
    slack.refresh({ all: true });
    await slack.until(() => slack.connections() === 1, { what: 'the new connection', timeoutMs: 15_000 });

    expect(await slack.as('ana').types('/ocs-access')).toMatchObject({ acked: true, ackBody: { text: 'here' } });
  });
});

describe('an app that does not answer', () => {
  it.each(['socket', 'http'] as const)('is timed and noted over %s', async (mode) => {
    const { slack } = await startApp(mode, (app) => app.command('/ocs-access', async () => {}), { ackTimeoutMs: 50 });

    expect(await slack.as('ana').types('/ocs-access')).toMatchObject({
      acked: false,
      shown: 'the app did not respond (operation_timeout)',
    });
    expect(slack.takeFaultsSeen()).toEqual(['command /ocs-access: operation_timeout']);
  });
});

describe('signed HTTP', () => {
  it('signs what it sends and sends each kind in its own dress', async () => {
    const { url, seen } = await rawServer(() => ({ status: 200 }));
    const slack = await start({ delivery: { mode: 'http', url } });
    await slack.as('ana').types('/ocs-access add @ben');
    await slack.as('ana').runsShortcut('lost_device_global');
    await slack.as('ana').opensHome();

    for (const { headers, body } of seen) {
      const base = `v0:${String(headers['x-slack-request-timestamp'])}:${body}`;
      const hmac = createHmac('sha256', slack.signingSecret).update(base).digest('hex');
      expect(headers['x-slack-signature']).toBe(`v0=${hmac}`);
    }
    const [command, shortcut, event] = seen.map((one) => one.body);
    expect(Object.fromEntries(new URLSearchParams(command))).toMatchObject({
      command: '/ocs-access',
      text: 'add <@U05BEN00001|ben>',
      user_id: 'U05ANA00001',
      team_id: slack.team.id,
      is_enterprise_install: 'false',
    });
    const payload = JSON.parse(new URLSearchParams(shortcut).get('payload') ?? '') as JsonObject;
    expect(payload).toMatchObject({
      type: 'shortcut',
      callback_id: 'lost_device_global',
      is_enterprise_install: false,
    });
    expect(payload).not.toHaveProperty('channel');
    expect(payload).not.toHaveProperty('response_url');
    expect(JSON.parse(event ?? '')).toMatchObject({ type: 'event_callback', event: { type: 'app_home_opened' } });
  });

  it('is refused by real Bolt when the secret is another', async () => {
    const { slack } = await startApp('http', (app) => app.command('/ocs-access', ({ ack }) => ack()));
    const forged = await fetch(slack.appUrl(), {
      method: 'POST',
      body: 'command=%2Focs-access',
      headers: { 'x-slack-signature': 'v0=00', 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)) },
    });

    expect(forged.status).toBe(401);
    expect(await slack.as('ana').types('/ocs-access')).toMatchObject({ acked: true });
  });

  it('sends an event again when it failed, and a command never', async () => {
    const { url, seen } = await rawServer(() => ({ status: 500 }));
    const slack = await start({ delivery: { mode: 'http', url }, eventRetryMs: [0, 1, 1] });
    await slack.as('ana').types('/ocs-access');
    await slack.as('ana').opensHome();
    await slack.until(() => seen.length === 5, { what: 'three retries' });

    const events = seen.slice(1);
    expect(events.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
    expect(events[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(events.map(({ body }) => asObject(JSON.parse(body))['event_id'])).size).toBe(1);
    expect(slack.takeFaultsSeen(/the app answered 500/)).toHaveLength(5);
  });

  it('does not send it again when the app says so', async () => {
    const { url, seen } = await rawServer(() => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    const slack = await start({ delivery: { mode: 'http', url }, eventRetryMs: [0] });
    await slack.as('ana').opensHome();
    await slack.as('ana').types('/ocs-access');

    expect(seen).toHaveLength(2);
  });
});

describe('bad luck on the way', () => {
  it('a payload can come twice, the same', async () => {
    const triggers: string[] = [];
    const { slack } = await startApp('socket', (app) =>
      app.command('/ocs-access', async ({ ack, body }) => {
        triggers.push(body.trigger_id);
        await ack();
      }),
    );
    slack.faults.duplicateDeliveries(1);
    await slack.as('ana').types('/ocs-access');
    await slack.until(() => triggers.length === 2, { what: 'the second delivery' });

    expect(new Set(triggers).size).toBe(1);
    expect(slack.faultsSeen).toEqual([]);
  });

  it('a payload can be overtaken', async () => {
    const order: string[] = [];
    const { slack } = await startApp('socket', (app) =>
      app.command('/ocs-access', async ({ ack, body }) => {
        order.push(body.text);
        await ack();
      }),
    );
    slack.faults.delayDeliveries(1, 30);
    const ana = slack.as('ana');
    await Promise.all([ana.types('/ocs-access first'), ana.types('/ocs-access second')]);

    expect(order).toEqual(['second', 'first']);
  });

  it('a Slack that is down cuts the connections, and takes them back', async () => {
    const slack = await start();
    await connectRaw(slack);
    slack.faults.down(true);
    await slack.until(() => slack.connections() === 0, { what: 'the cut' });
    slack.faults.down(false);
    await connectRaw(slack);

    expect(slack.connections()).toBe(1);
  });
});

describe('events', () => {
  it('come when the workspace changes, unless told otherwise or not subscribed', async () => {
    const seen: string[] = [];
    const { slack } = await startApp('socket', (app) => {
      app.event('subteam_members_changed', async ({ event }) => {
        seen.push(`removed ${String(event.removed_users)}`);
      });
      app.event('user_change', async ({ event }) => {
        seen.push(`deleted ${String(event.user.deleted)}`);
      });
    });
    await slack.groups.remove('ocs-approvers', 'cara');
    await slack.groups.remove('ocs-approvers', 'dina', { emit: false });
    await slack.people.change('ben', { deleted: true });
    expect(await slack.emit({ type: 'reaction_added' })).toBeUndefined();
    await slack.until(() => seen.length === 2, { what: 'two events' });

    expect(seen).toEqual(['removed U05CARA0001', 'deleted true']);
    expect(slack.groups.members('ocs-approvers')).toEqual(['U05OLU00001']);
  });
});
