import { describe, expect, it } from 'vitest';
import { dockerHostOf, parseDockerHost } from '../../src/core/docker-target.ts';

describe('DOCKER_HOST', () => {
  it.for<[string, ReturnType<typeof parseDockerHost>]>([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['unix:///run/user/1000/docker.sock', { kind: 'socket', path: '/run/user/1000/docker.sock' }],
    ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['tcp://docker-proxy:2375', { kind: 'tcp', host: 'docker-proxy', port: 2375 }],
    ['tcp://server.example', { kind: 'tcp', host: 'server.example', port: undefined }],
    ['tcp://10.0.0.7:80', { kind: 'tcp', host: '10.0.0.7', port: 80 }],
    ['tcp://[2001:db8::7]:2376', { kind: 'tcp', host: '2001:db8::7', port: 2376 }],
    ['tcp://:2375', { kind: 'tcp', host: 'localhost', port: 2375 }],
    ['tcp://my_proxy:2375/', { kind: 'tcp', host: 'my_proxy', port: 2375 }],
    ['http://10.0.0.7:443', { kind: 'tcp', host: '10.0.0.7', port: 443 }],
    ['10.0.0.7:2375', { kind: 'tcp', host: '10.0.0.7', port: 2375 }],
  ])('may be %s', ([text, target]) => {
    expect(parseDockerHost(text)).toEqual(target);
  });

  it.for<[string, string]>([
    ['ssh://me@server', 'must start with unix:// or tcp://: the bot can’t use ssh://'],
    ['npipe:////./pipe/docker_engine', 'the bot can’t use npipe://'],
    ['fd://', 'the bot can’t use fd://'],
    ['https://server:2376', 'must start with tcp:// also for TLS, which DOCKER_TLS_VERIFY switches on'],
    ['unix://docker.sock', 'must name a socket by its whole path, as in unix:///var/run/docker.sock'],
    ['/var/run/docker.sock', 'must be unix:///var/run/docker.sock, or tcp://host:2375 (with TLS: tcp://host:2376)'],
    ['ftp://server', 'must be unix:///'],
    ['tcp://server:0', 'must be unix:///'],
    ['tcp://server:70000', 'must be unix:///'],
    ['tcp://server:2375/v1.44', 'must be unix:///'],
    ['tcp://me:pw@server:2375', 'must be unix:///'],
    ['tcp://server:2375?x=1', 'must be unix:///'],
  ])('may not be %s', ([text, says]) => {
    expect(() => parseDockerHost(text)).toThrow(says.replaceAll('’', "'"));
  });

  it.for(['unix:///var/run/docker.sock', 'tcp://docker-proxy:2375', 'tcp://[2001:db8::7]:2376'])(
    'is written as it was read: %s',
    (text) => {
      const parsed = parseDockerHost(text);
      const target = parsed.kind === 'socket' ? parsed : { ...parsed, port: parsed.port ?? 0, tls: undefined };

      expect(dockerHostOf(target)).toBe(text);
    },
  );
});
