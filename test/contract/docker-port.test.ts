import { describe } from 'vitest';
import { startDocker, type DockerOptions } from '../../sandbox/docker/start-docker.ts';
import type { DockerTarget } from '../../src/core/docker-target.ts';
import { createDockerServer } from '../../src/server/docker.ts';
import { CLIENT_CERTIFICATES, ENGINE_CERTIFICATES, targetOf } from '../builders/a-docker.ts';
import { describeDockerPort, type DockerSubject } from './docker.ts';

function subjectAt(target: DockerTarget, container: string, stop: () => Promise<void>): DockerSubject {
  return {
    server: createDockerServer({ target, container }),
    misnamed: createDockerServer({ target, container: 'no-such-container-here' }),
    stop,
  };
}

async function pretended(options: DockerOptions, certPath?: string): Promise<DockerSubject> {
  const docker = await startDocker({ comesBackAfterMs: 5, ...options });
  return subjectAt(targetOf(docker.host, certPath), 'cloudflared', docker.stop);
}

describeDockerPort('the client against the pretended Engine on a socket', () => pretended({}));

describeDockerPort('the client against the pretended Engine with replicas and a terminal', () =>
  pretended({ replicas: 3, tty: true }),
);

describeDockerPort('the client against the pretended Engine over TCP', () => pretended({ listen: {} }));

describeDockerPort('the client against the pretended Engine over TLS', () =>
  pretended({ listen: { tls: ENGINE_CERTIFICATES } }, CLIENT_CERTIFICATES),
);

const host = process.env['CONTRACT_DOCKER_HOST'];
const container = process.env['CONTRACT_DOCKER_CONTAINER'];
const isSet = host !== undefined && host !== '' && container !== undefined && container !== '';
if (!isSet) {
  // oxlint-disable-next-line no-console -- a skip that nobody sees is as good as no test
  console.warn(
    'contract test skipped: set CONTRACT_DOCKER_HOST and CONTRACT_DOCKER_CONTAINER (which is restarted) to run it against a real Docker Engine',
  );
}

describe.skipIf(!isSet)('with CONTRACT_DOCKER_HOST', () => {
  describeDockerPort('the client against a real Engine', async () =>
    subjectAt(
      targetOf(host ?? '', process.env['CONTRACT_DOCKER_CERT_PATH'] || undefined),
      container ?? '',
      async () => undefined,
    ),
  );
});
