import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isAlive, startHeartbeat } from '../../src/wiring/heartbeat.ts';

function heartbeatFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocs-access-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'heartbeat');
}

function beat(options: { file: string; healthy: () => boolean | Promise<boolean> }) {
  onTestFinished(startHeartbeat({ ...options, everyMs: 5 }));
}

describe('a heartbeat', () => {
  it('shows at once that a healthy process is alive, and goes on', async () => {
    const file = heartbeatFile();
    beat({ file, healthy: () => true });
    await vi.waitFor(() => expect(isAlive(Date.now(), file)).toBe(true));

    utimesSync(file, 0, 0);

    await vi.waitFor(() => expect(statSync(file).mtimeMs).toBeGreaterThan(0));
  });

  it.for<[string, () => boolean]>([
    ['is not well', () => false],
    [
      'cannot tell',
      () => {
        throw new Error('no connection');
      },
    ],
  ])('stays away while the process %s', async ([, healthy]) => {
    const file = heartbeatFile();
    const check = vi.fn(healthy);
    beat({ file, healthy: check });

    await vi.waitFor(() => expect(check.mock.calls.length).toBeGreaterThan(3));

    expect(existsSync(file)).toBe(false);
  });

  it('comes back with the process', async () => {
    const file = heartbeatFile();
    const check = vi.fn(() => check.mock.calls.length > 3);
    beat({ file, healthy: check });

    await vi.waitFor(() => expect(isAlive(Date.now(), file)).toBe(true));
  });

  it('does not pile up checks that hang', async () => {
    const file = heartbeatFile();
    const clock = vi.fn<() => void>();
    const check = vi.fn(() => new Promise<boolean>(() => {}));
    beat({ file, healthy: check });
    const other = setInterval(clock, 5);
    onTestFinished(() => clearInterval(other));

    await vi.waitFor(() => expect(clock.mock.calls.length).toBeGreaterThan(5));

    expect(check).toHaveBeenCalledOnce();
  });
});

describe('a process counts as dead', () => {
  it('when it never said anything', () => {
    expect(isAlive(Date.now(), heartbeatFile())).toBe(false);
  });

  it('when it has been silent for more than a minute', () => {
    const file = heartbeatFile();
    writeFileSync(file, '');
    const { mtimeMs } = statSync(file);

    expect(isAlive(mtimeMs + 60_000, file)).toBe(true);
    expect(isAlive(mtimeMs + 60_001, file)).toBe(false);
  });
});
