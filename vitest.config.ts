import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    globalSetup: ['test/harness/global-redis.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Processes, because tests start and kill servers. One a core: the default leaves a core idle, half of a small machine.
    pool: 'forks',
    maxWorkers: '100%',
    // Nothing of ours keeps anything in a module, so a process need not load all of it again for each file.
    isolate: false,
  },
});
