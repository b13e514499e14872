import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, cardOf, cardSays } from './onboarding-driver.ts';

const start = useSandbox();

it('works over signed HTTP as over Socket Mode, and refuses what is not signed or is dated wrongly', async () => {
  const port = await freePort();
  const sandbox = await start({
    parts: [],
    slack: { delivery: { mode: 'http', url: `http://127.0.0.1:${port}/slack/events` } },
  });
  await sandbox.start(['bot', 'worker'], {
    SLACK_APP_TOKEN: '',
    SLACK_SIGNING_SECRET: sandbox.slack.signingSecret,
    PORT: String(port),
    HOST: '127.0.0.1',
  });

  await asksForAna(sandbox);
  await sandbox.slack.as('cara').clicks(cardOf(sandbox), 'Approve');
  await cardSays(sandbox, /✅ REQ-0001/);

  const post = (timestamp: number) =>
    fetch(`http://127.0.0.1:${port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': 'v0=0000',
      },
      body: 'command=%2Focs-access',
    });
  expect((await post(Math.floor(Date.now() / 1000))).status).toBe(401);
  expect((await post(Math.floor(Date.now() / 1000) + 3600)).status).toBe(401);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
