import { findOpenapi } from './contract.ts';
import { startCloudflare } from './server.ts';
import type { CloudflareOptions, CloudflareSandbox } from './server.ts';

/**
 * `startCloudflare` for tests: checks every exchange against the published description when it is at hand, and then
 * `stop()` throws if there was a breach. A test that breaks the contract on purpose clears `violations` first.
 */
export async function startCheckedCloudflare(options: CloudflareOptions = {}): Promise<CloudflareSandbox> {
  const openapi = findOpenapi();
  const cf = await startCloudflare(openapi === undefined ? options : { openapi, ...options });
  return {
    ...cf,
    stop: async () => {
      await cf.stop();
      if (cf.violations.length === 0) return;
      throw new Error(`against the published contract:\n${[...new Set(cf.violations)].join('\n')}`);
    },
  };
}
