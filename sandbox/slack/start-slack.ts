import { createControl } from './control.ts';
import { createDelivery, type Transport } from './delivery.ts';
import { createHttpTransport } from './deliver-by-http.ts';
import { createSocketTransport } from './deliver-by-socket.ts';
import { createFaults } from './faults.ts';
import { findChannel, findPerson, openDm } from './find-in-workspace.ts';
import { limits } from './limits.ts';
import type { Platform } from './method.ts';
import { createModals } from './modals.ts';
import { createOffice } from './office.ts';
import { createPerson, type Person } from './person.ts';
import { drawPicture, nameIn } from './picture.ts';
import { createRateLimits } from './rate-limits.ts';
import { createResponseUrls } from './response-urls.ts';
import { lanternHealth, type Seed } from './seed.ts';
import { createFrontDoor, createRespondRoom, createFileRoom, createUploadRoom, listen } from './serve.ts';
import { channelSnapshot, type Message, type ShownView } from './snapshots.ts';
import { toText } from './to-text.ts';
import { createTriggerIds } from './trigger-ids.ts';
import { createUntil } from './until.ts';
import { createWebApi } from './web-api.ts';
import { createWorkspace } from './workspace.ts';

export interface SlackOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Replaces parts of the workspace of Lantern Health. */
  seed?: Partial<Omit<Seed, 'app'>> & { app?: Partial<Seed['app']> };
  /** Milliseconds; used for timestamps and for the expiry of trigger ids and response URLs. */
  now?: () => number;
  /** Socket Mode by default. With `http` the app's address may also follow later, by `deliverTo`. */
  delivery?: { mode: 'socket' } | { mode: 'http'; url?: string };
  enforceRateLimits?: boolean;
  /** How long a person's client waits for the app. 3000 by default, as in Slack. */
  ackTimeoutMs?: number;
  /** When an event that was not acknowledged comes again, in milliseconds. */
  eventRetryMs?: readonly number[];
}

/** Starts a Slack workspace on loopback: strict, stateful, driven by tests, people and the control API. */
export async function startSlack(options: SlackOptions = {}) {
  const { delivery: mode = { mode: 'socket' }, ackTimeoutMs = limits.ackMs, now = Date.now } = options;
  const seed: Seed = { ...lanternHealth, ...options.seed, app: { ...lanternHealth.app, ...options.seed?.app } };
  const workspace = createWorkspace(seed, now);
  const tokens = { bot: 'xoxb-sandbox-bot-token', app: 'xapp-sandbox-app-token' };
  const signingSecret = 'sandbox-signing-secret';
  let base = '';
  let appUrl = mode.mode === 'http' ? (mode.url ?? '') : '';

  const faults = createFaults();
  const socket = createSocketTransport(workspace, ackTimeoutMs);
  const http = createHttpTransport(signingSecret, () => appUrl, ackTimeoutMs);
  const transport: Transport = mode.mode === 'socket' ? socket : http;
  const delivery = createDelivery(workspace, transport, faults, options.eventRetryMs);
  const platform: Platform = {
    workspace,
    modals: createModals(workspace),
    triggers: createTriggerIds(now),
    responseUrls: createResponseUrls(now, () => base),
    faults,
    base: () => base,
    inviteSocket: () => socket.invite(base),
  };
  const webApi = createWebApi(
    platform,
    tokens,
    options.enforceRateLimits === true ? createRateLimits(Date.now) : undefined,
  );
  const office = createOffice(workspace, delivery);
  const people = new Map<string, Person>();
  const names = nameIn(workspace);
  faults.onDown(() => socket.dropAll());

  /** A person by short name, user id or e-mail; always the same object for the same person. */
  function as(who: string): Person {
    const user = findPerson(workspace, who);
    const known = people.get(user.id) ?? createPerson(platform, delivery, user);
    people.set(user.id, known);
    return known;
  }

  const messages = (channel: string): Message[] => channelSnapshot(workspace, findChannel(workspace, channel));
  const dms = (who: string): Message[] => channelSnapshot(workspace, openDm(workspace, findPerson(workspace, who).id));
  const picture = () => drawPicture(workspace);
  const text = (shown: Message | ShownView) => toText(shown, names);

  const control = createControl({ platform, as, messages, dms, text, picture, calls: webApi.calls, office });
  const server = createFrontDoor({
    '/api/': (...call) => webApi.handle(...call),
    '/respond/': createRespondRoom(platform),
    '/upload/': createUploadRoom(platform),
    '/files-pri/': createFileRoom(platform, tokens.bot),
    '/_sandbox/': (...call) => control.handle(...call),
  });
  server.on('upgrade', (request, stream, head) => {
    if (faults.isDown()) stream.destroy();
    else socket.upgrade(request, stream, head);
  });
  const port = await listen(server, options.port ?? 0);
  base = `http://127.0.0.1:${port}/`;

  return {
    port,
    /** Goes into `slackApiUrl`, slash included. */
    apiUrl: `${base}api/`,
    controlUrl: `${base}_sandbox/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    team: workspace.team,
    workspace,
    as,
    messages,
    dms,
    /** As a person reads it, with names instead of ids. */
    text,
    picture,
    until: createUntil(workspace.changes, picture),
    faults,
    /** What a careful app would not have done, oldest first. */
    faultsSeen: workspace.faultsSeen,
    /** Takes out the ones that a test provoked on purpose, and returns them. */
    takeFaultsSeen(pattern: RegExp = /^/): string[] {
      const all = workspace.faultsSeen.splice(0);
      workspace.faultsSeen.push(...all.filter((one) => !pattern.test(one)));
      return all.filter((one) => pattern.test(one));
    },
    calls: webApi.calls,
    ...office,
    /** Where signed requests go, e.g. `http://127.0.0.1:3000/slack/events`. */
    deliverTo(url: string): void {
      appUrl = url;
    },
    appUrl: () => appUrl,
    refresh: socket.refresh,
    connections: socket.connections,
    async stop(): Promise<void> {
      delivery.stop();
      control.stop();
      await socket.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Slack = Awaited<ReturnType<typeof startSlack>>;
