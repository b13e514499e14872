import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';
import { Environment } from '../src/config/environment.ts';

const tokens = {
  SLACK_BOT_TOKEN: 'xoxb-1111-bot-value',
  SLACK_APP_TOKEN: 'xapp-2222-app-value',
  CLOUDFLARE_API_TOKEN: 'cloudflare-token-value-3333-abcdefghijkl',
};
const complete: NodeJS.ProcessEnv = {
  ...tokens,
  CLOUDFLARE_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
  ACCESS_APP: 'Open Chat Studio',
  PRIVATE_HOSTNAME: 'ocs.internal',
  APPROVERS: 'access-admins',
  APPROVALS_CHANNEL: 'C0APPROVALS',
  AUDIT_CHANNEL: 'C0AUDIT',
  REDIS_URL: 'redis://:redis-password-4444@localhost',
};
const { SLACK_APP_TOKEN: _, ...withoutTransport } = complete;

function load(changes: NodeJS.ProcessEnv = {}) {
  return loadConfig({ ...complete, ...changes });
}

function mistakes(env: NodeJS.ProcessEnv, file?: string): readonly string[] {
  try {
    loadConfig(env, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const mistakesWith = (changes: NodeJS.ProcessEnv) => mistakes({ ...complete, ...changes });

function envFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ocs-access-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.env');
  writeFileSync(path, text);
  return path;
}

describe('a complete configuration', () => {
  it('has defaults for everything that need not be said', () => {
    expect(load()).toMatchObject({
      slack: { mode: 'socket', connections: 2, apiUrl: undefined },
      cloudflare: { choose: { app: 'Open Chat Studio', policy: undefined } },
      redis: { target: { kind: 'single', address: { host: 'localhost', port: 6379 } }, prefix: '{ocs-access}' },
      approvals: {
        approvers: { kind: 'group-handle', handle: 'access-admins' },
        needed: 1,
        allowSelfApproval: false,
        requestTtlMs: 86_400_000,
      },
      revokeSeat: true,
      channels: { approvals: 'C0APPROVALS', audit: 'C0AUDIT', security: 'C0AUDIT', ops: 'C0AUDIT' },
      app: { hostname: 'ocs.internal', port: 8000, url: 'http://ocs.internal:8000' },
      timeZone: 'UTC',
      logLevel: 'info',
      workerConcurrency: 5,
      warnings: [],
    });
  });

  it('hands out the secrets on request', () => {
    const { slack, cloudflare } = load();

    expect(slack.botToken.reveal()).toBe(tokens.SLACK_BOT_TOKEN);
    expect(slack.mode === 'socket' && slack.appToken.reveal()).toBe(tokens.SLACK_APP_TOKEN);
    expect(cloudflare.apiToken.reveal()).toBe(tokens.CLOUDFLARE_API_TOKEN);
  });

  it('shows no secret when it is printed, in any way', () => {
    const http = loadConfig({ ...withoutTransport, SLACK_SIGNING_SECRET: 'signing-value-5555', PORT: '3000' });
    const printed = [load(), http]
      .flatMap((config) => [
        JSON.stringify(config),
        JSON.stringify({ ...config, slack: { ...config.slack } }),
        inspect(config, { depth: null, showHidden: true, getters: true }),
        inspect({ ...config.slack }, { customInspect: false, depth: null }),
        String(config.cloudflare.apiToken),
      ])
      .join('\n');

    expect(printed).toContain('[secret]');
    expect(printed).not.toMatch(/1111|2222|3333|4444|5555/);
  });

  it('uses HTTP mode when there is a signing secret and a port', () => {
    const config = loadConfig({ ...withoutTransport, SLACK_SIGNING_SECRET: 'a1b2c3d4', PORT: '3000' });

    expect(config.slack).toMatchObject({ mode: 'http', port: 3000 });
  });

  it('takes the forms that people paste', () => {
    const config = load({
      APPROVALS_CHANNEL: 'approvals',
      AUDIT_CHANNEL: '#audit',
      SECURITY_CHANNEL: 'security',
      OPS_CHANNEL: 'G012345678',
      APPROVERS: ' U0AAA, U0BBB ,U0AAA ',
      CLOUDFLARE_ACCOUNT_ID: '0123456789ABCDEF0123456789ABCDEF',
      PRIVATE_HOSTNAME: 'OCS.Internal',
      APP_PORT: '80',
      SLACK_API_URL: 'http://127.0.0.1:4000/api',
      ALLOW_SELF_APPROVAL: 'true',
      REQUEST_TTL: '2d',
      REVOKE_SEAT: 'false',
      TIMEZONE: 'Europe/Zurich',
      LOG_LEVEL: '',
    });

    expect(config).toMatchObject({
      slack: { apiUrl: 'http://127.0.0.1:4000/api/' },
      cloudflare: { accountId: '0123456789abcdef0123456789abcdef' },
      approvals: {
        approvers: { kind: 'users', ids: ['U0AAA', 'U0BBB'] },
        allowSelfApproval: true,
        requestTtlMs: 2 * 86_400_000,
      },
      revokeSeat: false,
      channels: { approvals: '#approvals', audit: '#audit', security: '#security', ops: 'G012345678' },
      app: { hostname: 'ocs.internal', url: 'http://ocs.internal:80' },
      timeZone: 'Europe/Zurich',
      logLevel: 'info',
    });
  });

  it.for([
    ['S0GROUP', { kind: 'group', id: 'S0GROUP' }],
    ['@access-admins', { kind: 'group-handle', handle: 'access-admins' }],
    ['W0ENTERPRISE', { kind: 'users', ids: ['W0ENTERPRISE'] }],
  ] as const)('takes the approvers %s', ([text, approvers]) => {
    expect(load({ APPROVERS: text, ALLOW_SELF_APPROVAL: 'true' }).approvals.approvers).toEqual(approvers);
  });
});

describe('where Docker is', () => {
  const certPath = '/etc/docker/client';

  it.for<[NodeJS.ProcessEnv, ReturnType<typeof load>['docker']['target']]>([
    [{}, { kind: 'socket', path: '/var/run/docker.sock' }],
    [{ DOCKER_HOST: 'unix://' }, { kind: 'socket', path: '/var/run/docker.sock' }],
    [{ DOCKER_HOST: 'tcp://server' }, { kind: 'tcp', host: 'server', port: 2375, tls: undefined }],
    [{ DOCKER_HOST: 'tcp://server:80' }, { kind: 'tcp', host: 'server', port: 80, tls: undefined }],
    [
      { DOCKER_HOST: 'tcp://server', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certPath },
      { kind: 'tcp', host: 'server', port: 2376, tls: { certPath } },
    ],
    // As with Docker's own clients: any value at all switches it on.
    [
      { DOCKER_HOST: 'tcp://server:2375', DOCKER_TLS_VERIFY: '0', DOCKER_CERT_PATH: certPath },
      { kind: 'tcp', host: 'server', port: 2375, tls: { certPath } },
    ],
  ])('is read from %o', ([env, target]) => {
    expect(load(env).docker).toEqual({ target, container: 'cloudflared' });
  });

  it('may be without TLS although there are certificates, with a warning', () => {
    const { docker, warnings } = load({ DOCKER_HOST: 'tcp://server', DOCKER_CERT_PATH: certPath });

    expect(docker.target).toMatchObject({ tls: undefined });
    expect(warnings).toEqual(['DOCKER_CERT_PATH is not used unless DOCKER_TLS_VERIFY is set']);
  });
});

describe('mistakes', () => {
  it('are all named at once, with the place where the right value is found', () => {
    expect(() => loadConfig({ LOG_LEVEL: 'loud', SLACK_BOT_TOKEN: '   ' })).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: The configuration has 11 mistakes:
        - SLACK_BOT_TOKEN is missing: api.slack.com/apps -> your app -> OAuth & Permissions -> Bot User OAuth Token (starts with xoxb-)
        - SLACK_APP_TOKEN is missing (or, to be called over HTTP in place of Socket Mode: SLACK_SIGNING_SECRET and PORT): api.slack.com/apps -> your app -> Basic Information -> App-Level Tokens, with the scope connections:write (starts with xapp-)
        - CLOUDFLARE_API_TOKEN is missing: dash.cloudflare.com -> Manage Account -> Account API Tokens -> Create Token
        - CLOUDFLARE_ACCOUNT_ID is missing: dash.cloudflare.com -> the menu beside the name of your account -> Copy account ID
        - ACCESS_APP is missing: dash.cloudflare.com -> Zero Trust -> Access controls -> Applications, the name, domain or id of Open Chat Studio there
        - PRIVATE_HOSTNAME is missing: the name under which people open Open Chat Studio, such as ocs.your-org
        - APPROVERS is missing: a user group of Slack by handle or id (S…), or user ids with commas (in Slack, profile -> Copy member ID, U…)
        - APPROVALS_CHANNEL is missing: in Slack, name of the channel -> About -> Channel ID at the end (C…), or its name without the #
        - AUDIT_CHANNEL is missing: in Slack, name of the channel -> About -> Channel ID at the end (C…), or its name without the #
        - REDIS_URL is missing: redis://[user:password@]host[:6379][/db]; redis+sentinel://[user:password@]host[:26379],host,…/masterName[?db=0&sentinelPassword=…]; redis+cluster://[user:password@]host[:6379],host,…; rediss in place of redis for TLS
        - LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent
      Set variables in the environment or in a .env file; .env.example explains each one.]
    `);
  });

  it('are one sentence when there is one', () => {
    expect(() => load({ TIMEZONE: 'Mars/Olympus' })).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: The configuration has a mistake:
        - TIMEZONE must be an IANA name such as Europe/Zurich
      Set variables in the environment or in a .env file; .env.example explains each one.]
    `);
  });

  it('never repeat what was configured, even where a token was pasted into the wrong line', () => {
    const wrong = 'xoxb-6666/@secret value';
    const everywhere = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, wrong]));

    const found = mistakes(everywhere);

    expect(found.length).toBeGreaterThan(15);
    expect(new ConfigError(found).message).not.toMatch(/6666|secret value/);
  });

  it.for<[string, string, string]>([
    ['SLACK_BOT_TOKEN', 'xapp-1-A', 'is an app-level token, which belongs in SLACK_APP_TOKEN'],
    ['SLACK_BOT_TOKEN', 'xoxp-1', 'is a user token; the token of the bot is needed'],
    ['SLACK_BOT_TOKEN', 'xoxe.xoxb-1', 'is a token that expires; create the app with token rotation off'],
    ['SLACK_BOT_TOKEN', 'hello', 'is not a bot token'],
    ['SLACK_APP_TOKEN', 'xoxb-1', 'is not an app-level token'],
    ['SLACK_API_URL', 'slack.com/api', 'must be a URL that starts with https://'],
    ['SLACK_API_URL', 'https://me:pw@slack.com/api', 'must not hold a user name or password'],
    ['SOCKET_CONNECTIONS', '11', 'must be a whole number from 1 to 10'],
    ['CLOUDFLARE_API_TOKEN', '0123456789abcdef0123456789abcdef01234', 'is the Global API Key'],
    ['CLOUDFLARE_API_TOKEN', 'Bearer abc', 'is not an API token'],
    ['CLOUDFLARE_ACCOUNT_ID', 'my-account', 'must be 32 characters of 0-9 and a-f'],
    ['PRIVATE_HOSTNAME', 'ocs.local', 'must not end in .local: computers look such names up by multicast (mDNS)'],
    ['PRIVATE_HOSTNAME', 'OCS.LOCAL.', 'must not end in .local'],
    ['PRIVATE_HOSTNAME', 'ocs.internal:8000', 'must be a name alone; the port belongs in APP_PORT'],
    ['PRIVATE_HOSTNAME', 'http://ocs.internal', 'must be a name alone, without http:// and without a path'],
    ['PRIVATE_HOSTNAME', '10.0.0.7', 'is an address; a name is needed'],
    ['PRIVATE_HOSTNAME', 'ocs_internal', 'is not a host name'],
    ['APP_PORT', '70000', 'must be a whole number from 1 to 65535'],
    ['APP_PORT', '8e3', 'must be a whole number from 1 to 65535'],
    ['APPROVERS', 'U0AAA, admins', 'takes one user group or several user ids, and holds something else'],
    ['APPROVERS', 'access admins', 'is neither a user group nor a list of user ids'],
    ['APPROVALS_NEEDED', '0', 'must be a whole number from 1 to 10'],
    ['ALLOW_SELF_APPROVAL', 'yes', 'must be true or false'],
    ['ALLOW_SELF_APPROVAL', 'TRUE', 'must be true or false'],
    ['REQUEST_TTL', '24', 'must be a duration such as 24h, from 5m to 30d'],
    ['REQUEST_TTL', '4m', 'must be a duration such as 24h, from 5m to 30d'],
    ['REQUEST_TTL', '31d', 'must be a duration such as 24h, from 5m to 30d'],
    ['REQUEST_TTL', '3 apples', 'must be a duration such as 24h, from 5m to 30d'],
    ['REVOKE_SEAT', 'no', 'must be true or false'],
    ['SECURITY_CHANNEL', 'D0DIRECT', 'must be a channel id such as C0123456789, or a name'],
    ['AUDIT_CHANNEL', 'D0DIRECT', 'must be a channel id such as C0123456789, or a name'],
    ['REDIS_URL', 'localhost:6379', 'is not a Redis URL'],
    ['REDIS_PREFIX', 'ocs-access', 'must hold a part in braces'],
    ['REDIS_PREFIX', '{}ocs', 'must hold a part in braces'],
    ['DOCKER_HOST', 'ssh://me@server', "must start with unix:// or tcp://: the bot can't use ssh://"],
    ['DOCKER_HOST', '/var/run/docker.sock', 'must be unix:///var/run/docker.sock, or tcp://host:2375'],
    ['DOCKER_HOST', 'https://server:2376', 'must start with tcp:// also for TLS'],
    ['DOCKER_CERT_PATH', 'certs', 'must be the whole path of a folder'],
    ['CLOUDFLARED_CONTAINER', '/cloudflared', 'must be the name of a container or of a compose service'],
    ['CLOUDFLARED_CONTAINER', 'a/../b', 'must be the name of a container or of a compose service'],
    ['TIMEZONE', '+02:00', 'must be an IANA name such as Europe/Zurich'],
    ['WORKER_CONCURRENCY', '-1', 'must be a whole number from 1 to 100'],
  ])('%s may not be %s', ([name, value, says]) => {
    expect(mistakesWith({ [name]: value })).toEqual([expect.stringContaining(`${name} ${says}`)]);
  });

  it('ask for a way to reach Slack', () => {
    expect(mistakes(withoutTransport)).toEqual([
      expect.stringMatching(/^SLACK_APP_TOKEN is missing \(or, .* SLACK_SIGNING_SECRET and PORT\): api\.slack\.com/),
    ]);
  });

  it('ask for a port in HTTP mode', () => {
    expect(mistakes({ ...withoutTransport, SLACK_SIGNING_SECRET: 'a1b2c3d4' })).toEqual([
      expect.stringContaining('PORT is missing'),
    ]);
  });

  it('refuse both ways at once', () => {
    expect(mistakesWith({ SLACK_SIGNING_SECRET: 'a1b2c3d4', PORT: '3000' })).toEqual([
      expect.stringContaining('SLACK_SIGNING_SECRET and SLACK_APP_TOKEN are both set'),
    ]);
  });

  it('ask for the certificates of Docker where TLS is asked for', () => {
    expect(mistakesWith({ DOCKER_HOST: 'tcp://server', DOCKER_TLS_VERIFY: '1' })).toEqual([
      'DOCKER_TLS_VERIFY needs DOCKER_CERT_PATH, the folder with ca.pem, cert.pem and key.pem',
    ]);
  });

  it('refuse more approvals than there are approvers', () => {
    expect(mistakesWith({ APPROVERS: 'U0AAA,U0BBB', APPROVALS_NEEDED: '3' })).toEqual([
      'APPROVALS_NEEDED is more than there are people in APPROVERS',
    ]);
  });

  it('come with the misspelt name that explains them', () => {
    const { AUDIT_CHANNEL, ...rest } = complete;

    expect(mistakes({ ...rest, AUDIT_CHANEL: AUDIT_CHANNEL })).toEqual([
      expect.stringContaining('AUDIT_CHANNEL is missing'),
      'AUDIT_CHANEL is not a variable of ours; did you mean AUDIT_CHANNEL?',
    ]);
  });
});

describe('warnings', () => {
  it.for<[string, string, string]>([
    ['ENROLLMENT_POLICY', 'x', 'ENROLLMENT_POLICY is not a variable of ours; did you mean ENROLMENT_POLICY?'],
    ['CLOUDFLARE_TOKEN', 'x', 'CLOUDFLARE_TOKEN is not a variable of ours; did you mean CLOUDFLARE_API_TOKEN?'],
    ['TIME_ZONE', 'x', 'TIME_ZONE is not a variable of ours; did you mean TIMEZONE?'],
    ['PORT', '3000', 'PORT is not used in Socket Mode'],
    ['APPROVERS', 'U0AAA', 'APPROVERS names one person, whose own requests nobody can approve'],
    ['CLOUDFLARE_BASE_URL', 'http://proxy.example/v4', 'CLOUDFLARE_BASE_URL starts with http://, so the token travels'],
  ])('tell about %s=%s', ([name, value, says]) => {
    expect(load({ [name]: value }).warnings).toEqual([expect.stringContaining(says)]);
  });

  it('are silent about the names that every machine has, and about a simulator on this one', () => {
    const ordinary = { PATH: '/bin', PWD: '/', HOME: '/', LOGNAME: 'a', TZ: 'UTC', APP_ENV: 'x', REDIS_HOST: 'x' };
    const simulators = { SLACK_API_URL: 'http://127.0.0.1:1/api/', CLOUDFLARE_BASE_URL: 'http://localhost:2' };

    expect(load({ ...ordinary, ...simulators }).warnings).toEqual([]);
  });
});

describe('EXPORT_KEY', () => {
  const key = 'c4'.repeat(32);

  it.each([key, key.toUpperCase(), Buffer.from(key, 'hex').toString('base64')])('takes 32 bytes: %s', (given) => {
    const { exportKey } = load({ EXPORT_KEY: given });

    expect(exportKey?.reveal()).toBe(given);
    expect(inspect(load({ EXPORT_KEY: given }), { depth: null, showHidden: true })).not.toContain(given);
  });

  it('can be left out', () => {
    expect(load({ EXPORT_KEY: ' ' }).exportKey).toBeUndefined();
  });

  it.each([key.slice(1), `${key}0`, 'secret', Buffer.from('x'.repeat(31)).toString('base64'), 'g'.repeat(64)])(
    'refuses %s without repeating it',
    (given) => {
      expect(mistakesWith({ EXPORT_KEY: given })).toEqual([
        'EXPORT_KEY must be 32 bytes: 64 characters of 0-9 and a-f, or the same in base64 (44 characters): make one with: openssl rand -hex 32',
      ]);
    },
  );
});

describe('the .env file', () => {
  it('is read, and the real environment wins', () => {
    const { ACCESS_APP: __, ...rest } = complete;
    const file = envFile('ACCESS_APP="From the file"\nLOG_LEVEL=debug\nAUDIT_CHANNEL=C0FILE # a remark\n');

    const config = loadConfig({ ...rest, LOG_LEVEL: 'warn' }, file);

    expect(config.cloudflare.choose.app).toBe('From the file');
    expect(config.logLevel).toBe('warn');
    expect(config.channels.audit).toBe('C0AUDIT');
  });

  it('is not needed', () => {
    expect(loadConfig(complete, join(tmpdir(), 'no-such-folder', '.env')).logLevel).toBe('info');
  });

  it('does not end up in the environment of this process', () => {
    loadConfig(complete, envFile('EMAIL_LIST=only-in-the-file\n'));

    expect(process.env['EMAIL_LIST']).toBeUndefined();
  });

  it('is named when it cannot be read', () => {
    expect(mistakes(complete, tmpdir())).toEqual([expect.stringMatching(/^the file .* cannot be read: EISDIR/)]);
  });
});

describe('.env.example', () => {
  const example = readFileSync('.env.example', 'utf8');
  const uncommented = example.replaceAll(/^# (?=[A-Z_]+=)/gm, '');

  it('names the variables that are read, no more and no fewer, in the same order', () => {
    const named = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(named).toEqual(Object.keys(Environment.shape));
  });

  it('explains each one just above it', () => {
    const lines = example.split('\n');
    const unexplained = lines.filter((line, at) => {
      const above = lines[at - 1] ?? '';
      return /^(# )?[A-Z_]+=/.test(line) && (!above.startsWith('# ') || /^# [A-Z_]+=/.test(above));
    });

    expect(unexplained).toEqual([]);
  });

  it('leaves open exactly what must be filled in', () => {
    const open = Object.keys(parseEnv(example));
    const missing = mistakes({}).map((mistake) => mistake.split(' ')[0]);

    expect(new Set(open)).toEqual(new Set(missing));
  });

  it('shows the true defaults', () => {
    const shown = loadConfig({ ...parseEnv(uncommented), ...complete });

    expect(JSON.stringify(shown)).toBe(JSON.stringify(load()));
  });
});
