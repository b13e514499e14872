import { pino } from 'pino';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { startHouse } from '../../src/wiring/start-house.ts';
import { useSandbox, type TestSandbox } from '../harness/use-sandbox.ts';

const start = useSandbox();

/** What the operator reads when the program can't start. */
async function refusal(
  sandbox: TestSandbox,
  env: Readonly<Record<string, string>> = {},
  allowVolatileRedis = true,
): Promise<string> {
  const config = loadConfig({ ...sandbox.env, ...env });
  const starting = startHouse({
    config,
    log: pino({ level: 'silent' }),
    clock: sandbox.clock,
    parts: ['bot', 'worker'],
    allowVolatileRedis,
  });
  return starting.then(
    async (house) => {
      await house.stop();
      return 'it started';
    },
    (error: unknown) =>
      error instanceof Error && error.name === 'StartError' ? error.message : Promise.reject(error as Error),
  );
}

it('names everything at once that keeps it from starting', async () => {
  const sandbox = await start({ parts: [], cloudflare: { without: ['app'] } });

  const said = await refusal(sandbox, {
    AUDIT_CHANNEL: 'C0NOSUCH001',
    APPROVERS: '@no-such-group',
  });

  expect(said).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Slack: Slack knows no channel C0NOSUCH001 (AUDIT_CHANNEL), or it is private and the bot is not in it. Check the id, and type /invite @ocs-access in the channel.
      - Slack: There is no user group @no-such-group in Slack. Create it there, or put another group’s handle into APPROVERS.
      - Cloudflare: There is no Access application with the name, domain or id “Open Chat Studio” (ACCESS_APP). There is: “Wiki” (wiki.lantern.internal, id 020eaaee-ca6f-4a6c-a034-9df598532b62). If it is not made yet: Zero Trust → Access controls → Applications in the dashboard; \`ocs-access setup\` (coming) will be able to make it."
  `);
  // DIGEST_CHANNEL names it as well, by default.
  expect(sandbox.slack.calls.filter(({ args }) => args['channel'] === 'C0NOSUCH001')).toHaveLength(1);
  sandbox.slack.faultsSeen.splice(0);
});

it('says that the Slack token is wrong', async () => {
  const sandbox = await start({ parts: [] });
  expect(await refusal(sandbox, { SLACK_BOT_TOKEN: 'xoxb-not-this-one' })).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Slack: Slack does not accept our token. Put a valid bot token (xoxb-…) into SLACK_BOT_TOKEN: Slack app settings > OAuth & Permissions."
  `);
  sandbox.slack.faultsSeen.splice(0);
});

it('says that the app-level token is wrong', async () => {
  const sandbox = await start({ parts: [] });
  expect(await refusal(sandbox, { SLACK_APP_TOKEN: 'xapp-not-this-one' })).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Slack does not let the bot connect (invalid_auth). Put an app-level token with the scope connections:write into SLACK_APP_TOKEN: Slack app settings > Basic Information > App-Level Tokens."
  `);
  sandbox.slack.faultsSeen.splice(0);
});

it('says that the Cloudflare token is wrong', async () => {
  const sandbox = await start({ parts: [] });
  expect(await refusal(sandbox, { CLOUDFLARE_API_TOKEN: 'a'.repeat(40) })).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Cloudflare: Cloudflare does not accept the API token (GET access/apps, HTTP 401, error 10000, cf-ray 0bb84d447d64c18e-FRA). It may have expired or been rolled or deleted: look at dash.cloudflare.com → My Profile (or Manage Account) → API Tokens, and put the right one into CLOUDFLARE_API_TOKEN."
  `);
});

it('lists the policies where several fit, and the variable that decides', async () => {
  const sandbox = await start({ parts: [], cloudflare: { candidatePolicies: 1 } });
  expect(await refusal(sandbox)).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Cloudflare: The application “Open Chat Studio” has several Allow policies: “Contractors 1” (id 6747f35a-bf7d-4b64-aae6-89aa39187d86), “Team access” (id d4873c9c-0df5-4afa-a03d-6d5352d76007). Set ACCESS_POLICY to the id of the right one."
  `);
});

it('says that Redis can’t be reached', async () => {
  const sandbox = await start({ parts: [] });
  expect(await refusal(sandbox, { REDIS_URL: 'redis://127.0.0.1:1' })).toMatchInlineSnapshot(`
    "ocs-access can’t start:
      - Redis can't be reached (connect ECONNREFUSED 127.0.0.1:1). Start it, or correct REDIS_URL."
  `);
});

it('starts although Cloudflare does not answer for the moment', async () => {
  const sandbox = await start({ parts: [] });
  sandbox.cloudflare.faults.add({ status: 503, times: Infinity });
  expect(await refusal(sandbox)).toBe('it started');
});
