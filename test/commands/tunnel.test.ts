import { afterEach, describe, expect, it, vi } from 'vitest';
import { pressOf } from '../../src/commands/presses.ts';
import { slash } from '../../src/commands/slash.ts';
import { tunnel } from '../../src/commands/tunnel.ts';
import { PermanentError, TransientError, UserError } from '../../src/core/errors.ts';
import { aCall, aDesk, aDirectory, type DeskOptions } from '../builders/a-desk.ts';
import { refusal } from '../builders/a-house.ts';
import { BEN, CARA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { aContainer, createMemoryServer } from '../builders/memory-server.ts';
import { aTunnel } from '../builders/memory-settings.ts';
import { read, readView } from '../slack/read.ts';

afterEach(() => {
  vi.useRealTimers();
});

const TUNNELS = [
  aTunnel({ id: '11111111-aaaa', name: 'ocs' }),
  aTunnel({ id: '22222222-bbbb', name: 'ocs' }),
  aTunnel({ id: '33333333-cccc', name: 'Lantern Staging', status: 'down', connectors: [] }),
];

function withTunnels(tunnels = TUNNELS) {
  return aSnapshot({ tunnels: { tunnels, basis: 'The route leads through it.' } });
}

/** What somebody reads after they typed this. */
async function types(words: string, who: { readonly slackId: string } = CARA, options: DeskOptions = {}) {
  const house = aDesk(options);
  const { call, replies } = aCall(who, words);
  await tunnel(house.desk, call);
  return { ...house, text: replies.map(read).join('\n') };
}

describe('`tunnel`', () => {
  it('shows an approver the tunnels, the container and its log', async () => {
    expect((await types('tunnel')).text).toMatchInlineSnapshot(`
      "# ✅ lantern-ocs is healthy
      lantern-ocs is healthy: connected, everything gets through. 1 replica of cloudflared:
      • Version 2026.3.0, connected to fra08
      (The route leads through it.)
      [Restart]
      # On the server
      cloudflared is running since 2026-11-18 08:00 UTC.
      • Image: cloudflare/cloudflared:2026.3.0
      The last 2 lines of its log:
      INF Registered tunnel connection
      ERR Lost it"
    `);
  });

  it('shows a member the same without the log, which is not even read', async () => {
    const server = createMemoryServer();
    const calls: string[] = [];
    server.intercept((call) => void calls.push(call));

    const { text } = await types('tunnel', BEN, { server });

    expect(text).toContain('Approvers see the last lines of the log here.');
    expect(text).not.toContain('ERR Lost it');
    expect(calls).toEqual(['containers']);
  });

  it('reads one of several', async () => {
    const { text } = await types('tunnel lantern  STAGING', CARA, { snapshot: withTunnels() });

    expect(text).toContain('# ⚠️ Lantern Staging is down');
    expect(text).not.toContain('ocs is');
  });

  it('shows both of one name, or the one whose id is given', async () => {
    const snapshot = withTunnels();
    expect((await types('tunnel ocs', CARA, { snapshot })).text).toContain('# ✅ All 2 tunnels are healthy');
    expect((await types('tunnel ocs (22222222)', CARA, { snapshot })).text).toContain('# ✅ ocs is healthy');
    expect((await types('tunnel 22222222-bb', CARA, { snapshot })).text).toContain('# ✅ ocs is healthy');
  });

  it('leaves out the containers of other tunnels then', async () => {
    const server = createMemoryServer([
      aContainer({ id: 'c1', name: 'cf-a', tunnelId: '11111111-aaaa' }),
      aContainer({ id: 'c2', name: 'cf-staging', tunnelId: '33333333-cccc' }),
    ]);
    const { text } = await types('tunnel lantern staging', CARA, { snapshot: withTunnels(), server });

    expect(text).toContain('cf-staging is running');
    expect(text).not.toContain('cf-a');
  });

  it('names the near ones for a name that is not there', async () => {
    const error = await refusal(types('tunnel lantern stagging', CARA, { snapshot: withTunnels() }));

    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatchInlineSnapshot(
      `"The app uses no tunnel “lantern stagging”. The nearest are Lantern Staging, ocs (11111111), and ocs (22222222). \`/ocs-access tunnel\` shows all of them."`,
    );
  });

  it('says what to do where the app has no tunnel at all', async () => {
    const { text } = await types('tunnel ocs', CARA, { snapshot: withTunnels([]) });
    expect(text).toContain('# ⚠️ There is no tunnel\nCloudflare knows no tunnel that leads to the app. ');
    expect(text).toContain('Set one up in the Zero Trust dashboard');
  });
});

async function outOfOrder(): Promise<never> {
  throw new TransientError('Cloudflare is out of order (502).', { code: 'cloudflare-unavailable' });
}

describe('what fails does not hide the rest', () => {
  it('Cloudflare', async () => {
    const { text } = await types('tunnel ocs', CARA, { cloudflare: { appTunnels: outOfOrder } });

    expect(text).toContain('Cloudflare is out of order (502).');
    expect(text).toContain('ERR Lost it');
  });

  it('Docker', async () => {
    const server = createMemoryServer();
    server.intercept(() => {
      throw new PermanentError('No Docker Engine answers at /var/run/docker.sock.', { code: 'docker-unreachable' });
    });
    const { text, bugs } = await types('tunnel', CARA, { server });

    expect(text).toContain('# ✅ lantern-ocs is healthy');
    expect(text).toContain(
      'No Docker Engine answers at /var/run/docker.sock. To restart it there by hand, type:\ndocker compose',
    );
    expect(text).not.toContain('[Restart]');
    expect(bugs).toEqual([]);
  });

  it('the log of one container', async () => {
    const server = createMemoryServer();
    server.intercept((call) => {
      if (call === 'logs') throw new TransientError('Docker answered 500.', { code: 'docker-unavailable' });
    });
    const { text } = await types('tunnel', CARA, { server });

    expect(text).toContain('cloudflared is running');
    expect(text).toContain('Its log can’t be read: Docker answered 500.');
  });

  it('an error of our own, which gets a reference', async () => {
    const server = createMemoryServer();
    server.intercept(() => {
      throw new TypeError('x is not a function');
    });
    const { text, bugs } = await types('tunnel', CARA, { server });

    expect(text).toMatch(/Something broke in ocs-access\..* the reference [0-9a-f]{6}\./);
    expect(bugs).toHaveLength(1);
  });
});

const never = () => new Promise<never>(() => undefined);

describe('whoever asks does not wait for what hangs', () => {
  it('Docker', async () => {
    vi.useFakeTimers();
    const server = { ...createMemoryServer(), containers: never };
    const answered = types('tunnel', CARA, { server });

    await vi.advanceTimersByTimeAsync(6_000);

    const { text } = await answered;
    expect(text).toContain('# ✅ lantern-ocs is healthy');
    expect(text).toContain('The server does not answer. Try again in a minute.');
    // It may answer again by then.
    expect(text).toContain('[Restart]');
  });

  it('the log, after the containers were late already', async () => {
    vi.useFakeTimers();
    const memory = createMemoryServer();
    const containers = () =>
      new Promise<Awaited<ReturnType<typeof memory.containers>>>((resolve) => {
        setTimeout(() => resolve(memory.containers()), 5_000);
      });
    const answered = types('tunnel', CARA, { server: { ...memory, containers, logs: never } });

    await vi.advanceTimersByTimeAsync(6_000);

    const { text } = await answered;
    expect(text).toContain('cloudflared is running');
    expect(text).toContain('Its log can’t be read: The server does not answer.');
  });

  it('Slack, which says who is an approver: the rest was read meanwhile, and the log is kept back', async () => {
    vi.useFakeTimers();
    const answered = types('tunnel', CARA, {
      directory: { ...aDirectory(), approvers: never },
      cloudflare: { appTunnels: never },
    });

    await vi.advanceTimersByTimeAsync(6_000);

    const { text } = await answered;
    expect(text).toContain('Cloudflare does not answer.');
    expect(text).toContain('cloudflared is running');
    expect(text).toContain('Approvers see the last lines of the log here.');
  });

  it('Cloudflare', async () => {
    vi.useFakeTimers();
    const answered = types('tunnel', CARA, { cloudflare: { appTunnels: never } });

    await vi.advanceTimersByTimeAsync(6_000);

    const { text } = await answered;
    expect(text).toContain('Cloudflare does not answer. Try again in a minute.');
    expect(text).toContain('ERR Lost it');
  });
});

/** What an approver sees who typed it. */
async function begins(options: DeskOptions = {}) {
  const { desk } = aDesk(options);
  const { call, views } = aCall(CARA, 'tunnel restart');
  await slash(desk, call);
  const shown = views.at(-1);
  return shown === undefined ? '' : readView(shown);
}

describe('`tunnel restart`', () => {
  it('shows an approver the plan, to be confirmed', async () => {
    expect(await begins()).toMatchInlineSnapshot(`
      "== Restart the tunnel ==
      Restart the tunnel?
      ⚠️ Warning: Everyone who uses the app is cut off for some seconds.
      ⚠️ Warning: Before the restart lantern-ocs is healthy, says Cloudflare. It can be restarted all the same.
      What will be done, in 2 steps
      1. Restart the container cloudflared
      2. Wait until lantern-ocs is healthy
      (Nothing has been done yet. It needs nobody’s approval and begins when you press the button.)
      [Restart now] [Cancel]"
    `);
  });

  it('says what to type where no Docker can be reached', async () => {
    const server = createMemoryServer();
    server.intercept(() => {
      throw new PermanentError('No Docker Engine answers at /var/run/docker.sock.', { code: 'docker-unreachable' });
    });

    expect(await begins({ server })).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ I can’t restart it from here. No Docker Engine answers at /var/run/docker.sock. Type this on the server instead: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared
      [Close]"
    `);
  });

  it('is what the button opens, too', async () => {
    const { desk } = aDesk();
    const { call, views } = aCall(CARA, 'tunnel-restart');
    await pressOf(desk, 'open:tunnel-restart')?.(desk, call);

    const shown = views.at(-1);
    expect(shown && readView(shown)).toContain('1. Restart the container cloudflared');
  });
});
