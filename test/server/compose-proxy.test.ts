import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { aDocker } from '../builders/a-docker.ts';

const Service = z.object({
  profiles: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  networks: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]),
  volumes: z.array(z.string()).optional(),
  user: z.string().optional(),
});
const Compose = z.object({
  services: z.object({ 'docker-proxy': Service, 'ocs-access': Service, valkey: Service }),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});

const { services, networks } = Compose.parse(parse(readFileSync('compose.yml', 'utf8'), { merge: true }));
const { 'docker-proxy': proxy, 'ocs-access': bot, valkey } = services;

/** What the proxy lets through, of calls such as `GET /containers/json`: whole paths, without the query. */
function passes(container: string): (call: string) => boolean {
  const patterns = (proxy.command ?? []).flatMap((flag) => {
    const [, method = '', path = ''] = /^-allow([A-Z]+)=(.*)$/.exec(flag) ?? [];
    const filled = path.replace(/\$\{CLOUDFLARED_CONTAINER:-[a-z]+\}/, container);
    return method === '' ? [] : [new RegExp(`^${method} (?:${filled})$`)];
  });
  return (call) => patterns.some((pattern) => pattern.test(call));
}

describe('the socket proxy of compose.yml', () => {
  it('lets everything through that the bot needs of the one container', async () => {
    const { docker, server } = await aDocker();

    const [{ id } = { id: '' }] = await server.containers();
    await server.logs(id, 20);
    await server.restart(id);

    const made = docker.calls.map(({ method, url }) => `${method} ${url.replace(/\?.*$/, '')}`);
    expect(new Set(made).size).toBe(3);
    expect(made.filter((call) => !passes('cloudflared')(call))).toEqual([]);
  });

  it.for([
    'GET /containers/json',
    'GET /containers/open-chat-studio-web-1/json',
    'GET /containers/cloudflared/json/../../../version',
    'GET /containers/cloudflared/export',
    'GET /images/json',
    'POST /containers/cloudflared/stop',
    'POST /containers/cloudflared/exec',
    'POST /containers/open-chat-studio-web-1/restart',
    'POST /containers/create',
    'DELETE /containers/cloudflared',
    'PUT /containers/cloudflared/archive',
  ])('stops %s', (call) => {
    expect(passes('cloudflared')(call)).toBe(false);
  });

  it('goes with the name in CLOUDFLARED_CONTAINER', () => {
    const passesFor = passes('open-chat-studio-cloudflared-1');

    expect(passesFor('POST /containers/open-chat-studio-cloudflared-1/restart')).toBe(true);
    expect(passesFor('POST /containers/cloudflared/restart')).toBe(false);
  });

  it('is there only when it is asked for, reads the socket as somebody without rights, and is on no other network', () => {
    expect(proxy).toMatchObject({
      profiles: ['docker'],
      volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'],
      networks: ['docker'],
    });
    expect(proxy.user).toMatch(/^65534:/);
    expect(networks['docker']).toEqual({ internal: true });
  });

  it('answers to the bot, and to nobody else', () => {
    expect(bot.environment?.['DOCKER_HOST']).toBe('tcp://docker-proxy:2375');
    expect(bot.networks).toMatchObject({ docker: { aliases: ['docker-client'] } });
    expect(proxy.command).toContain('-allowfrom=docker-client');
    expect(valkey.networks).toEqual(['data']);
    expect(bot.volumes).toBeUndefined();
  });
});
