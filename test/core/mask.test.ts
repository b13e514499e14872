import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/core/mask.ts';

const TOKEN = Buffer.from(JSON.stringify({ a: '0'.repeat(32), t: '6ff2a9f2', s: 'c2VjcmV0IG9mIGEgdHVubmVs' })).toString(
  'base64',
);

describe('secrets in a line', () => {
  it.for<[string, string]>([
    [`INF Settings: map[no-autoupdate:true token:${TOKEN}]`, 'INF Settings: map[no-autoupdate:true token:•••]'],
    [`cloudflared tunnel run --token ${TOKEN} --loglevel debug`, 'cloudflared tunnel run --token ••• --loglevel debug'],
    ['cloudflared tunnel run --token=hunter2', 'cloudflared tunnel run --token=•••'],
    [`TUNNEL_TOKEN=${TOKEN} started`, 'TUNNEL_TOKEN=••• started'],
    ['token=abc123&other=1', 'token=•••&other=1'],
    ['{"tunnelSecret": "c2VjcmV0", "id": 3}', '{"tunnelSecret": "•••", "id": 3}'],
    ['password: hunter2', 'password: •••'],
    ['api_key="abc", apiKey=def', 'api_key="•••", apiKey=•••'],
    ['Authorization: Bearer abc.def', 'Authorization: •••'],
    [
      'headers map[Authorization:[Basic dXNlcjpw] Host:[a.example]]',
      'headers map[Authorization:[•••] Host:[a.example]]',
    ],
    ['Cookie: CF_Authorization=abc; theme=dark', 'Cookie: •••'],
    ['Cf-Access-Client-Secret:[abc123]', 'Cf-Access-Client-Secret:[•••]'],
    ['sent Bearer abc123def456', 'sent Bearer •••'],
    ['jwt eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-bmF0dXJl expired', 'jwt ••• expired'],
    ['dial postgres://ocs:p@ssw0rd@db.internal:5432/ocs', 'dial postgres://•••@db.internal:5432/ocs'],
    ['fetch https://abc123@git.example/x', 'fetch https://•••@git.example/x'],
    ['key 3fe94e5ac4a0f7ad0c9cd1d1ba0bc7fe here', 'key ••• here'],
    ['value kZ8rT2vX0qLmN4pS6uWyA1cE3gI5kM7o= here', 'value ••• here'],
  ])('%s', ([line, masked]) => {
    expect(maskSecrets(line)).toBe(masked);
  });

  it('stay hidden if they are masked again', () => {
    const once = maskSecrets(`--token ${TOKEN} https://a:b@c.example Authorization: Basic x`);

    expect(maskSecrets(once)).toBe(once);
  });
});

describe('what a log is read for stays', () => {
  it.for([
    'INF Starting tunnel tunnelID=6ff2a9f2-0b5b-4d5b-9a39-6a0a6f3a3c11',
    'INF Generated Connector ID: C06EF8C5-9B2D-462A-AAE8-8AEE05ABB44A',
    'INF Registered tunnel connection connIndex=0 connection=83c4830d-f582-489c-a7dd-f4e356a03cb4 event=0 ip=198.41.192.77 location=fra08 protocol=quic',
    'INF Path /Tunnels/6ff2a9f2-0b5b-4d5b-9a39-6a0a6f3a3c11/Connections',
    'ERR Unable to reach the origin service error="dial tcp 172.18.0.7:8000: connect: connection refused" originService=http://web:8000',
    'INF Connector open-chat-studio-production-cloudflared-replica-12 at 2001:db8:85a3::8a2e:370:7334',
    'panic at github.com/cloudflare/cloudflared/connection.(*QUICConnection).Serve /go/src/github.com/cloudflare/cloudflared/connection/quic.go:133',
    'ERR Provided Tunnel token is not valid.',
    'ERR bearer authentication failed',
    '2026-11-21T09:00:00Z INF Version 2026.3.0 GOOS: linux, GOVersion: go1.24.9',
  ])('%s', (line) => {
    expect(maskSecrets(line)).toBe(line);
  });

  it('takes no long for a line made to be slow', () => {
    const begin = performance.now();

    for (const piece of ['token-', 'a-', 'a@', '://', '--', 'eyJ', ' \t'])
      maskSecrets(piece.repeat(4096 / piece.length));

    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
