import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDocker } from '../../sandbox/docker/start-docker.ts';
import { isKnownError } from '../../src/core/errors.ts';
import { createDockerServer } from '../../src/server/docker.ts';
import {
  aDocker,
  anEngineThat,
  anEngineWith,
  anInspection,
  aServer,
  CLIENT_CERTIFICATES,
  ENGINE_CERTIFICATES,
  targetOf,
} from '../builders/a-docker.ts';

const NOBODY = 65_534;

/** What went wrong, as people and the caller see it. */
async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return `${error.name} ${error.code}: ${error.message.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')}`;
  }
  throw new Error('nothing went wrong');
}

/** Root may open everything, so that it has to be somebody else for a moment. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocs-access-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, from] of Object.entries(files)) copyFileSync(join(CLIENT_CERTIFICATES, from), join(folder, name));
  return folder;
}

async function overTls(certPath: string) {
  const { docker } = await aDocker({ listen: { tls: ENGINE_CERTIFICATES } });
  return createDockerServer({ target: targetOf(docker.host, certPath), container: 'cloudflared' });
}

describe('no Docker', () => {
  it('at a socket that is not there', async () => {
    expect(await failureOf(aServer('unix:///nowhere/docker.sock').containers())).toMatchInlineSnapshot(
      `"PermanentError docker-unreachable: No Docker can be reached at unix:///nowhere/docker.sock: there is no such socket. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
  });

  it('at a port where nothing listens', async () => {
    const docker = await startDocker({ listen: {} });
    await docker.stop();

    expect(await failureOf(aServer(docker.host).containers())).toMatchInlineSnapshot(
      `"PermanentError docker-unreachable: No Docker can be reached at tcp://127.0.0.1:1: nothing listens there. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
  });

  it('behind a name that no machine has', async () => {
    const failure = await failureOf(aServer('tcp://docker.invalid:2375').containers());

    // A machine without any name server says that it can't tell.
    expect(failure).toMatch(/no machine has that name|EAI_AGAIN/);
    expect(failure).toContain('docker');
  });

  it.for<[string, string]>([
    ['that is no JSON', 'Welcome to nginx!'],
    ['of JSON that is not Docker’s', '{"hello":"world"}'],
    ['that breaks off', '{"Id":"c0ff'],
    ['without content', ''],
  ])('but another answer, %s', async ([, body]) => {
    const { docker, server } = await aDocker();
    docker.answers(body);

    expect(await failureOf(server.containers())).toMatch(
      /^PermanentError docker-unreachable: .*: what answers there is no Docker Engine\. /,
    );
  });

  it('but the 404 of somebody else', async () => {
    const host = await anEngineThat((_, response) => response.writeHead(404).end('<h1>Not found</h1>'));

    expect(await failureOf(aServer(host).containers())).toMatchInlineSnapshot(
      `"PermanentError docker-unreachable: No Docker can be reached at tcp://127.0.0.1:1: what answers there is no Docker Engine, or one that expects TLS (DOCKER_TLS_VERIFY=1) (GET /containers/cloudflared/json, HTTP 404). The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
  });

  it('but something that does not speak HTTP', async () => {
    const host = await anEngineThat((request) => void request.socket.end('220 mail.example ESMTP\r\n'));

    expect(await failureOf(aServer(host).containers())).toContain(
      'what answers there is no Docker Engine, or one that expects TLS (DOCKER_TLS_VERIFY=1).',
    );
  });
});

describe('TLS', () => {
  it('needs its files', async () => {
    const folder = aFolder({ 'ca.pem': 'ca.pem', 'cert.pem': 'cert.pem' });
    const failure = await failureOf((await overTls(folder)).containers());

    expect(failure.replace(folder, '/certificates')).toMatchInlineSnapshot(
      `"PermanentError docker-unreachable: No Docker can be reached at tcp://127.0.0.1:1: /certificates/key.pem is missing, and DOCKER_CERT_PATH needs ca.pem, cert.pem and key.pem. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
  });

  it('takes files that came later', async () => {
    const folder = aFolder({ 'ca.pem': 'ca.pem', 'cert.pem': 'cert.pem' });
    const server = await overTls(folder);
    await expect(server.containers()).rejects.toThrow('key.pem');

    copyFileSync(join(CLIENT_CERTIFICATES, 'key.pem'), join(folder, 'key.pem'));

    expect(await server.containers()).toHaveLength(1);
  });

  it.for<[string, Record<string, string>]>([
    [
      'an authority that did not sign the Engine',
      { 'ca.pem': 'cert.pem', 'cert.pem': 'cert.pem', 'key.pem': 'key.pem' },
    ],
    ['a file that holds something else', { 'ca.pem': 'ca.pem', 'cert.pem': '../make.sh', 'key.pem': 'key.pem' }],
  ])('fails with %s', async ([, files]) => {
    const folder = aFolder(files);
    const failure = await failureOf((await overTls(folder)).containers());

    expect(failure).toContain('PermanentError docker-unreachable: No Docker can be reached at tcp://127.0.0.1:1: ');
    expect(failure).toContain(`; compare the files in ${folder} with those of the Engine. `);
  });

  it('hints at a certificate that the Engine does not want, which hangs up', async () => {
    const files = { 'ca.pem': 'ca.pem', 'cert.pem': '../engine/cert.pem', 'key.pem': '../engine/key.pem' };
    const folder = aFolder(files);
    const failure = await failureOf((await overTls(folder)).containers());

    expect(failure).toContain(
      'TransientError docker-unavailable: The connection to the Docker at tcp://127.0.0.1:1 failed (GET',
    );
    expect(failure).toContain(` If that happens each time, it may not accept ${folder}/cert.pem.`);
  });

  it('fails where the Engine has none', async () => {
    const { docker } = await aDocker({ listen: {} });
    const server = createDockerServer({
      target: targetOf(docker.host, CLIENT_CERTIFICATES),
      container: 'cloudflared',
    });

    expect((await failureOf(server.containers())).replace(CLIENT_CERTIFICATES, '/certificates')).toMatchInlineSnapshot(
      `"PermanentError docker-unreachable: No Docker can be reached at tcp://127.0.0.1:1: no encrypted connection comes about (EPROTO); compare the files in /certificates with those of the Engine. The bot and cloudflared may run on different machines; DOCKER_HOST must lead to the one of cloudflared. To restart it by hand, type there: docker compose -f docker-compose.prod.yml -f docker-compose.cloudflare.yml restart cloudflared"`,
    );
  });

  it('is hinted at where the Engine wants it and says so', async () => {
    const host = await anEngineThat((_, response) =>
      response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.'),
    );

    expect(await failureOf(aServer(host).containers())).toContain('or one that expects TLS (DOCKER_TLS_VERIFY=1) (GET');
  });
});

describe('no permission', () => {
  it('to open the socket: names its group', async () => {
    const { docker, server } = await aDocker();
    const path = docker.host.replace('unix://', '');
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0o000);
    const { gid } = statSync(path);

    const failure = await asNobody(() => failureOf(server.containers()));

    expect(failure).toMatch(/^PermanentError docker-not-permitted: The bot may not open \/.*\/docker\.sock\. It/);
    expect(failure).toMatch(
      new RegExp(`It belongs to the group (\\S+ \\(${gid}\\)|${gid}): run the bot with that group`),
    );
  });

  it('to open even the folder of the socket: names the usual group', async () => {
    const { docker, server } = await aDocker();
    const path = docker.host.replace('unix://', '');
    const restore = () => chmodSync(dirname(path), 0o700);
    chmodSync(dirname(path), 0o000);

    const failure = await asNobody(() => failureOf(server.containers())).finally(restore);

    expect(failure.replace(path, '/docker.sock')).toMatchInlineSnapshot(
      `"PermanentError docker-not-permitted: The bot may not open /docker.sock. Its group is mostly docker: run the bot with that group (group_add in compose), or better, put the socket proxy of compose.yml in between."`,
    );
  });

  it('by a socket proxy to look at the container', async () => {
    const { docker, server } = await aDocker({ listen: {} }, { container: 'cloudflared' });
    docker.refuses(/^GET /);

    expect(await failureOf(server.containers())).toMatchInlineSnapshot(
      `"PermanentError docker-not-permitted: The bot is not permitted to ask this of the Docker at tcp://127.0.0.1:1 (GET /containers/cloudflared/json, HTTP 403). If a socket proxy stands in between, let it pass what the container in CLOUDFLARED_CONTAINER (“cloudflared”) needs: inspect, logs and restart."`,
    );
  });

  it.for([401, 403, 405])('by a socket proxy that says %i to a restart', async (status) => {
    const { docker, server } = await aDocker();
    const [{ id } = { id: '' }] = await server.containers();
    docker.failsWith(status, /^POST /);

    const failure = await failureOf(server.restart(id));

    expect(failure).toMatch(/^PermanentError docker-not-permitted: /);
    expect(failure).toContain(`(POST /containers/cloudflared/restart, HTTP ${status})`);
    expect(docker.restarts).toEqual([]);
  });
});

describe('a Docker in trouble', () => {
  it.for([500, 502, 503, 409])('that says %i, without its words', async (status) => {
    const { docker, server } = await aDocker();
    docker.failsWith(status);

    expect(await failureOf(server.containers())).toBe(
      `TransientError docker-unavailable: Docker could not look at the container just now (GET /containers/cloudflared/json, HTTP ${status}).`,
    );
  });

  it('that hangs', async () => {
    const { docker, server } = await aDocker({}, { limitMs: 100 });
    docker.hangs();

    expect(await failureOf(server.containers())).toMatchInlineSnapshot(
      `"TransientError docker-unavailable: Docker did not answer within 0.1 seconds (GET /containers/cloudflared/json)."`,
    );
  });

  it('that hangs in the middle of its answer', async () => {
    const host = await anEngineThat((_, response) => response.writeHead(200).write('{"Id":'));

    expect(await failureOf(aServer(host, { limitMs: 100 }).containers())).toContain(
      'did not answer within 0.1 seconds',
    );
  });

  it('that hangs while it restarts: has the grace of the container on top', async () => {
    const { docker, server } = await aDocker({}, { limitMs: 100, graceSeconds: 1 });
    const [{ id } = { id: '' }] = await server.containers();
    docker.hangs(/^POST /);
    const begin = performance.now();

    const failure = await failureOf(server.restart(id));

    expect(performance.now() - begin).toBeGreaterThan(1050);
    expect(failure).toMatchInlineSnapshot(
      `"TransientError docker-unavailable: Docker did not answer within 1.1 seconds (POST /containers/cloudflared/restart). Whether it was done is not known."`,
    );
  });

  it('that hangs up', async () => {
    const host = await anEngineThat((request) => void request.socket.destroy());

    expect(await failureOf(aServer(host).containers())).toMatchInlineSnapshot(
      `"TransientError docker-unavailable: The connection to the Docker at tcp://127.0.0.1:1 failed (GET /containers/cloudflared/json, ECONNRESET)."`,
    );
  });

  it('that hangs up in the middle of its answer', async () => {
    const host = await anEngineThat((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"Id":', () => request.socket.destroy());
    });

    expect(await failureOf(aServer(host).containers())).toMatch(
      /^TransientError docker-unavailable: The connection to/,
    );
  });

  it('that sends without end', async () => {
    let sent = 0;
    const host = await anEngineThat((_, response) => {
      const piece = Buffer.alloc(65_536, ' ');
      const pour = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
      };
      response.on('drain', pour);
      response.writeHead(200);
      pour();
    });

    expect(await failureOf(aServer(host).containers())).toContain('is no Docker Engine');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('that lost the container between two calls', async () => {
    const host = await anEngineWith({ '/containers/cloudflared/json': anInspection({}) });

    expect(await failureOf(aServer(host).restart('id-of-cloudflared'))).toMatch(
      /^PermanentError docker-no-container: /,
    );
    expect(await failureOf(aServer(host).logs('id-of-cloudflared', 5))).toMatch(
      /^PermanentError docker-no-container: /,
    );
  });
});
