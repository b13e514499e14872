import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDocker, type Docker } from '../../../sandbox/docker/start-docker.ts';
import { aDocker } from '../../builders/a-docker.ts';

interface Heard {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** Any call, as some other client of Docker would make it. */
function ask({ host }: Docker, method: string, path: string): Promise<Heard> {
  const socketPath = host.replace('unix://', '');
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    call.on('error', reject).end();
  });
}

const filtered = (filters: unknown) => `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;

async function namesIn(docker: Docker, path: string): Promise<string[]> {
  const { status, text } = await ask(docker, 'GET', path);
  if (status !== 200) throw new Error(text);
  return (JSON.parse(text) as { Names: string[] }[]).flatMap(({ Names }) => Names);
}

describe('the pretended Engine', () => {
  it('answers as one does', async () => {
    const { docker } = await aDocker();

    expect(await ask(docker, 'GET', '/_ping')).toEqual({ status: 200, type: 'text/plain; charset=utf-8', text: 'OK' });
    expect((await ask(docker, 'HEAD', '/_ping')).status).toBe(200);
    expect(JSON.parse((await ask(docker, 'GET', '/version')).text)).toMatchObject({ MinAPIVersion: '1.44' });
  });

  it.for<[string, string, number, string]>([
    ['GET', '/v1.52/containers/cloudflared/json', 200, ''],
    ['GET', '/v1.44/_ping', 200, 'OK'],
    ['GET', '/v1.43/_ping', 400, 'client version 1.43 is too old. Minimum supported API version is 1.44'],
    ['GET', '/v1.9/_ping', 400, 'client version 1.9 is too old'],
    ['GET', '/v1.99/_ping', 400, 'client version 1.99 is too new. Maximum supported API version is 1.52'],
    ['GET', '/containers/nobody/json', 404, '{"message":"No such container: nobody"}'],
    ['POST', '/containers/nobody/restart', 404, '{"message":"No such container: nobody"}'],
    ['GET', '/containers/nobody/logs?stdout=1', 404, 'No such container'],
    ['GET', '/containers/cloudflared/logs', 400, 'you must choose at least one stream'],
    ['GET', '/containers/cloudflared/logs?stdout=1&folow=1', 400, 'does not know the parameter folow'],
    ['POST', '/containers/cloudflared/restart?t=ten', 400, 'invalid syntax'],
    ['GET', '/containers/json?filters=x', 400, 'invalid filter'],
    ['GET', filtered(['label']), 400, 'invalid filter'],
    ['GET', filtered({ colour: ['red'] }), 400, "invalid filter 'colour'"],
    ['GET', filtered({ label: 'a=b' }), 400, 'invalid filter'],
    ['DELETE', '/containers/cloudflared', 404, 'page not found'],
    ['POST', '/containers/cloudflared/kill', 404, 'page not found'],
    ['GET', '/containers/cloudflared/restart', 404, 'page not found'],
    ['POST', '/containers/create', 404, 'page not found'],
    ['GET', '/images/json', 404, 'page not found'],
    ['GET', '/', 404, 'page not found'],
  ])('says to %s %s: %i', async ([method, path, status, text]) => {
    const { docker } = await aDocker();

    const heard = await ask(docker, method, path);

    expect(heard.status).toBe(status);
    expect(heard.text).toContain(text);
    expect(docker.restarts).toEqual([]);
  });

  it.for<[string, unknown, number]>([
    ['a label with its value', { label: ['com.docker.compose.service=cloudflared'] }, 2],
    ['a label in the other form', { label: { 'com.docker.compose.service=cloudflared': true } }, 2],
    ['a label alone', { label: ['com.docker.compose.project'] }, 3],
    ['two labels', { label: ['com.docker.compose.project', 'com.docker.compose.service=web'] }, 1],
    ['a label with another value', { label: ['com.docker.compose.service=cloudflare'] }, 0],
    ['a part of the name', { name: ['cloudflared-2'] }, 1],
    ['one of two names', { name: ['cloudflared-2', 'web'] }, 2],
  ])('lists by %s', async ([, filters, found]) => {
    const { docker } = await aDocker({ replicas: 2 });

    expect(await namesIn(docker, filtered(filters))).toHaveLength(found);
  });

  it('lists what runs, unless asked for all', async () => {
    const { docker } = await aDocker();
    docker.stops('cloudflared');

    expect(await namesIn(docker, '/containers/json')).toEqual(['/open-chat-studio-web-1']);
    expect(await namesIn(docker, '/containers/json?all=0')).toEqual(['/open-chat-studio-web-1']);
    expect(await namesIn(docker, '/containers/json?all=true')).toEqual(['/cloudflared', '/open-chat-studio-web-1']);
  });

  it('finds a container by name, id and the start of its id', async () => {
    const { docker } = await aDocker();
    const { id } = docker.container('cloudflared');

    for (const reference of ['cloudflared', id, id.slice(0, 12)]) {
      expect((await ask(docker, 'GET', `/containers/${reference}/json`)).text).toContain(id);
    }
    docker.rename('cloudflared', 'tunnel');
    expect((await ask(docker, 'GET', '/containers/cloudflared/json')).status).toBe(404);
    expect((await ask(docker, 'GET', '/containers/tunnel/json')).status).toBe(200);
  });

  it('sends a log in frames, or as it is with a terminal', async () => {
    const { docker } = await aDocker();
    const { docker: other } = await aDocker({ tty: true });
    for (const one of [docker, other]) one.writes('cloudflared', 'the end');
    const path = '/containers/cloudflared/logs?stdout=1&stderr=1&tail=1';

    expect(await ask(docker, 'GET', path)).toEqual({
      status: 200,
      type: 'application/vnd.docker.multiplexed-stream',
      text: '\u0002\0\0\0\0\0\0\u0008the end\n',
    });
    expect(await ask(other, 'GET', path)).toEqual({
      status: 200,
      type: 'application/vnd.docker.raw-stream',
      text: 'the end\r\n',
    });
  });

  it('does as a socket proxy that lets some calls not through, until it recovers', async () => {
    const { docker } = await aDocker();
    docker.refuses(/^GET \/containers\/json$/);

    expect(await ask(docker, 'GET', '/v1.44/containers/json')).toMatchObject({ status: 403, text: 'Forbidden\n' });
    expect((await ask(docker, 'GET', '/_ping')).status).toBe(200);
    docker.recovers();
    expect((await ask(docker, 'GET', '/containers/json')).status).toBe(200);
  });

  it('tells its callers of a container that it does not have', async () => {
    const { docker } = await aDocker();

    expect(() => docker.stops('tunnel')).toThrow('has no container tunnel, but cloudflared, open-chat-studio-web-1');
  });

  it('leaves no file, even with calls that hang', async () => {
    const docker = await startDocker();
    const folder = dirname(docker.host.replace('unix://', ''));
    expect(readdirSync(folder)).toEqual(['docker.sock']);
    docker.hangs();
    const hanging = ask(docker, 'GET', '/_ping').catch((error: Error) => error.message);
    await expect.poll(() => docker.calls.length).toBe(1);

    await docker.stop();

    expect(await hanging).toBe('socket hang up');
    expect(existsSync(folder)).toBe(false);
    expect(folder.startsWith(tmpdir())).toBe(true);
  });
});
