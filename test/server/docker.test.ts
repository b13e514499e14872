import { describe, expect, it } from 'vitest';
import { tunnelToken } from '../../sandbox/docker/container.ts';
import { createDockerServer } from '../../src/server/docker.ts';
import { aDocker, anEngineWith, anInspection, aServer } from '../builders/a-docker.ts';

const TUNNEL = '6ff2a9f2-0b5b-4d5b-9a39-6a0a6f3a3c11';

const summary = (name: string, labels: Record<string, string> = {}, image = 'cloudflare/cloudflared:2026.3.0') => ({
  Id: `id-of-${name}`,
  Names: [`/${name}`],
  Image: image,
  Labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [`com.docker.compose.${key}`, value])),
});

const namesOf = async (server: ReturnType<typeof aServer>) => (await server.containers()).map(({ name }) => name);
const messageOf = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.message);

const containerFor = async (changes: Parameters<typeof anInspection>[0]) =>
  (await aServer(await anEngineWith({ '/containers/cloudflared/json': anInspection(changes) })).containers())[0];

const byHand = (container: string) =>
  createDockerServer({ target: { kind: 'socket', path: '/nowhere' }, container }).byHand;

describe('which containers are meant', () => {
  it('asks for nothing but the container of exactly that name, where there is one', async () => {
    const { docker, server } = await aDocker();

    expect(await namesOf(server)).toEqual(['cloudflared']);
    expect(docker.calls).toMatchObject([{ method: 'GET', url: '/containers/cloudflared/json', status: 200 }]);
  });

  it('takes all replicas of the compose service of that name, in order', async () => {
    const { server } = await aDocker({ replicas: 11 });

    const names = await namesOf(server);

    expect(names).toHaveLength(11);
    expect([names[0], names[1], names[10]]).toEqual([
      'open-chat-studio-cloudflared-1',
      'open-chat-studio-cloudflared-2',
      'open-chat-studio-cloudflared-11',
    ]);
  });

  it('takes one replica alone if it is named', async () => {
    const { server } = await aDocker({ replicas: 2 }, { container: 'open-chat-studio-cloudflared-2' });

    expect(await namesOf(server)).toEqual(['open-chat-studio-cloudflared-2']);
  });

  it('leaves out what somebody started by hand for a moment', async () => {
    const host = await anEngineWith({
      '/containers/json': [
        summary('tunnel-1', { service: 'cloudflared', oneoff: 'False' }),
        summary('tunnel-run-4f', { service: 'cloudflared', oneoff: 'True' }),
      ],
      '/containers/tunnel-1/json': anInspection({ name: 'tunnel-1' }),
      '/containers/tunnel-run-4f/json': anInspection({ name: 'tunnel-run-4f' }),
    });

    expect(await namesOf(aServer(host))).toEqual(['tunnel-1']);
  });

  it('leaves out a replica that goes away in this moment', async () => {
    const host = await anEngineWith({
      '/containers/json': [summary('tunnel-1', { project: 'ocs' }), summary('tunnel-2', { project: 'ocs' })],
      '/containers/tunnel-2/json': anInspection({ name: 'tunnel-2' }),
    });

    expect(await namesOf(aServer(host))).toEqual(['tunnel-2']);
  });

  it('does not guess between the services of two compose projects', async () => {
    const host = await anEngineWith({
      '/containers/json': [summary('ocs-tunnel-1', { project: 'ocs' }), summary('blog-tunnel-1', { project: 'blog' })],
    });

    expect(await messageOf(aServer(host).containers())).toMatch(
      /^Several compose projects .* “cloudflared”\. Put .* into CLOUDFLARED_CONTAINER: blog-tunnel-1, ocs-tunnel-1\.$/,
    );
  });

  it('names what is like a wrong name, what runs cloudflared first', async () => {
    const { server } = await aDocker({ replicas: 2 }, { container: 'open-chat-studio-web' });
    const { server: other } = await aDocker({}, { container: 'claudflare' });

    expect(await messageOf(server.containers())).toContain(
      '“open-chat-studio-web”. Similar there: open-chat-studio-cloudflared-1, open-chat-studio-cloudflared-2, cloudflared, open-chat-studio-web-1. The right name',
    );
    expect(await messageOf(other.containers())).toContain('“claudflare”. Similar there: cloudflared. The right name');
  });

  it('names five of many', async () => {
    const many = Array.from({ length: 9 }, (_, index) => summary(`cloudflared-${index}`));
    const listed = [...many, summary('database', {}, 'postgres:17')];
    // The first list is of the service, the second of all.
    const host = await anEngineWith({ '/containers/json': listed });

    expect(await messageOf(aServer(host).containers())).toContain(
      'Similar there: cloudflared-0, cloudflared-1, cloudflared-2, cloudflared-3, cloudflared-4. The',
    );
  });

  it('says how to find the name where nothing is like it', async () => {
    const host = await anEngineWith({ '/containers/json': [] });

    expect(await messageOf(aServer(host).containers())).toMatch(
      /^The Docker at tcp:\/\/127\.0\.0\.1:\d+ has no container and no compose service named “cloudflared”\. Ask on the server what it is called \(docker ps\)\. The right name belongs into CLOUDFLARED_CONTAINER\.$/,
    );
  });

  it('asks for the container’s own name where a socket proxy does not let it look for others', async () => {
    const { docker, server } = await aDocker({ replicas: 2 });
    docker.refuses(/^GET \/containers\/json$/);

    expect(await messageOf(server.containers())).toMatch(
      /has no container named “cloudflared”, and does not permit to look for a compose service of that name\. CLOUDFLARED_CONTAINER must be the container’s own name, as docker ps shows it on the server\.$/,
    );
  });

  it('is to be tried again when Docker can’t make the list now', async () => {
    const { docker, server } = await aDocker({}, { container: 'tunnel' });
    docker.failsWith(500, /^GET \/containers\/json$/);

    await expect(server.containers()).rejects.toMatchObject({ code: 'docker-unavailable' });
  });
});

describe('what a container is', () => {
  it('is in our words', async () => {
    expect(await containerFor({})).toEqual({
      id: 'id-of-cloudflared',
      name: 'cloudflared',
      state: 'running',
      startedAt: '2026-11-18T08:00:00.000000001Z',
      image: 'cloudflare/cloudflared:2026.3.0',
      restarts: 0,
    });
  });

  it('has no start if it was never started', async () => {
    const state = { Status: 'created', StartedAt: '0001-01-01T00:00:00Z' };

    expect(await containerFor({ state })).toMatchObject({ state: 'created', startedAt: '' });
  });

  it('has the exit code of one that has ended', async () => {
    expect(await containerFor({ state: { Status: 'exited', ExitCode: 137 } })).toMatchObject({ exitCode: 137 });
  });

  it('may be in a state that nobody has heard of', async () => {
    expect(await containerFor({ state: { Status: 'dreaming' } })).toMatchObject({ state: 'unknown' });
  });

  it.for<[string, Parameters<typeof anInspection>[0]]>([
    ['a variable', { config: { Env: ['PATH=/bin', `TUNNEL_TOKEN=${tunnelToken(TUNNEL)}`] } }],
    ['two arguments', { args: ['tunnel', 'run', '--token', tunnelToken(TUNNEL)] }],
    ['one argument', { args: ['tunnel', 'run', `--token=${tunnelToken(TUNNEL)}`] }],
    ['a line for a shell', { args: ['-c', `exec cloudflared tunnel run --token "${tunnelToken(TUNNEL)}"`] }],
  ])('knows its tunnel by the token in %s, and keeps nothing else of that', async ([, changes]) => {
    const container = await containerFor(changes);

    expect(container?.tunnelId).toBe(TUNNEL);
    expect(JSON.stringify(container)).not.toContain('eyJ');
  });

  it.for<[string, Parameters<typeof anInspection>[0]]>([
    ['no token', { config: { Env: null } }],
    ['a token that is none', { config: { Env: ['TUNNEL_TOKEN=hello'] } }],
    ['a token without a tunnel', { config: { Env: [`TUNNEL_TOKEN=${Buffer.from('{"a":1}').toString('base64')}`] } }],
  ])('has no tunnel that can be told with %s', async ([, changes]) => {
    expect(await containerFor(changes)).not.toHaveProperty('tunnelId');
  });
});

describe('a restart', () => {
  it('is one call, with the grace that Docker gives too', async () => {
    const { docker, server } = await aDocker();
    const [{ id } = { id: '' }] = await server.containers();

    await server.restart(id);

    expect(docker.restarts.map(({ name }) => name)).toEqual(['cloudflared']);
    expect(docker.calls.at(-1)).toMatchObject({
      method: 'POST',
      url: '/containers/cloudflared/restart?t=10',
      status: 204,
    });
  });

  it('is of the replica that is meant', async () => {
    const { docker, server } = await aDocker({ replicas: 2 });
    const [, second] = await server.containers();

    await server.restart(second?.id ?? '');

    expect(docker.restarts.map(({ name }) => name)).toEqual(['open-chat-studio-cloudflared-2']);
  });

  it('is never of another container on the server', async () => {
    const { docker, server } = await aDocker();
    const { id } = docker.container('open-chat-studio-web-1');

    expect(await messageOf(server.restart(id))).toBe(
      'The container of “cloudflared” that was to be looked at is no longer there: it was removed, or made anew. Please try again.',
    );
    expect(docker.restarts).toEqual([]);
  });
});

const replica = (name: string, id = `id-of-${name}`) => ({ ...(anInspection({ name }) as object), Id: id });
const first = async (server: ReturnType<typeof aServer>) => (await server.containers())[0]?.id ?? '';

describe('a container that was found just now', () => {
  it('is not searched for once more among all replicas', async () => {
    const { docker, server } = await aDocker({ replicas: 11 });
    const [, , third] = await server.containers();
    const before = docker.calls.length;

    await server.logs(third?.id ?? '', 5);

    expect(docker.calls.slice(before).map(({ url }) => url)).toEqual([
      '/containers/open-chat-studio-cloudflared-3/json',
      '/containers/open-chat-studio-cloudflared-3/logs?stdout=1&stderr=1&tail=5',
    ]);
  });

  it('is told apart from one that has taken its name since', async () => {
    const answers: Record<string, unknown> = {
      '/containers/json': [summary('tunnel-1')],
      '/containers/tunnel-1/json': replica('tunnel-1'),
      '/containers/tunnel-1/restart': {},
      '/containers/tunnel-1/logs': {},
    };
    const server = aServer(await anEngineWith(answers));
    const id = await first(server);
    answers['/containers/tunnel-1/json'] = replica('tunnel-1', 'id-of-another');

    await expect(server.restart(id)).rejects.toMatchObject({ code: 'docker-no-container' });
    await expect(server.logs(id, 5)).rejects.toMatchObject({ code: 'docker-no-container' });
  });

  it('is found by its new name where it was renamed since', async () => {
    const answers: Record<string, unknown> = {
      '/containers/json': [summary('tunnel-1')],
      '/containers/tunnel-1/json': replica('tunnel-1'),
      '/containers/tunnel-2/restart': {},
    };
    const server = aServer(await anEngineWith(answers));
    const id = await first(server);
    answers['/containers/json'] = [summary('tunnel-1'), summary('tunnel-2')];
    answers['/containers/tunnel-1/json'] = replica('tunnel-1', 'id-of-another');
    answers['/containers/tunnel-2/json'] = replica('tunnel-2', id);

    // Nobody answers for the restart of another one.
    await server.restart(id);
  });
});

describe('by hand', () => {
  it('is a service for compose, and a container by its own name for Docker', () => {
    expect([byHand('cloudflared'), byHand('open-chat-studio-cloudflared-1')]).toMatchInlineSnapshot(`
      [
        "docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared",
        "docker restart open-chat-studio-cloudflared-1",
      ]
    `);
  });
});
