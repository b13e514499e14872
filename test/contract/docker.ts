import { afterEach, describe, expect, it } from 'vitest';
import type { Server } from '../../src/core/server.ts';

/** An Engine with one container of cloudflared, or with several replicas, that runs. Its restart does no harm. */
export interface DockerSubject {
  readonly server: Server;
  /** The same Engine, asked for a container that is not there. */
  readonly misnamed: Server;
  stop(): Promise<void>;
}

async function first(server: Server) {
  const [container] = await server.containers();
  if (container === undefined) throw new Error('there is no container');
  return container;
}

/** What steps, plans and commands rely on. Holds for the pretended Engine and for a real one. */
export function describeDockerPort(name: string, start: () => Promise<DockerSubject>): void {
  describe(name, () => {
    let subject: DockerSubject | undefined;
    afterEach(() => subject?.stop());

    async function started(): Promise<DockerSubject> {
      subject = await start();
      return subject;
    }

    it('shows the container as it is', async () => {
      const { server } = await started();

      const container = await first(server);

      expect(container).toMatchObject({ state: 'running', restarts: expect.any(Number) });
      expect(container.id).toMatch(/^[0-9a-f]{64}$/);
      expect(container.name).toMatch(/^[A-Za-z0-9][\w.-]*$/);
      expect(container.image).not.toBe('');
      expect(Date.parse(container.startedAt)).toBeGreaterThan(Date.parse('2020-01-01'));
      expect(container).not.toHaveProperty('exitCode');
    });

    it('shows the same twice, as long as nothing happens', async () => {
      const { server } = await started();

      expect(await server.containers()).toEqual(await server.containers());
    });

    it('shows the last lines of its log, and not more of them than asked for', async () => {
      const { server } = await started();
      const { id } = await first(server);

      const lines = await server.logs(id, 5);

      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThanOrEqual(5);
      for (const line of lines) expect(line).toMatch(/^\P{Cc}{1,300}$/u);
      expect((await server.logs(id, 1)).length).toBe(1);
    });

    it('restarts it: the same container, started at another moment', async () => {
      const { server } = await started();
      const before = await first(server);

      await server.restart(before.id);

      const after = await first(server);
      expect({ ...after, startedAt: '' }).toEqual({ ...before, startedAt: '' });
      expect(after.startedAt > before.startedAt).toBe(true);
    });

    it('touches no container but those that are meant', async () => {
      const { server } = await started();
      const before = await server.containers();
      const another = 'f'.repeat(64);

      await expect(server.restart(another)).rejects.toMatchObject({ code: 'docker-no-container' });
      await expect(server.logs(another, 5)).rejects.toMatchObject({ code: 'docker-no-container' });
      expect(await server.containers()).toEqual(before);
    });

    it('says when there is no container of that name', async () => {
      const { misnamed } = await started();

      const refused = misnamed.containers();

      await expect(refused).rejects.toMatchObject({ name: 'PermanentError', code: 'docker-no-container' });
      await expect(refused).rejects.toThrow('CLOUDFLARED_CONTAINER');
    });
  });
}
