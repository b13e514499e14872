import { inspect } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/cloudflare/faults.ts';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import type { Cloudflare } from '../../src/core/ports.ts';
import { createCloudflare } from '../../src/cloudflare/cloudflare.ts';
import { admitting } from '../builders/a-policy.ts';
import { failureOf, impatient, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

const ADA = 'ada.lovelace@x.org';
const SECRETS = [ADA, 'C02SECRET', 'amina.diallo', 'C02FJ1XQMD6T'];
const echo = `you sent ${SECRETS.join(' ')}`;

const faults: [name: string, fault: Fault][] = [
  ...[400, 401, 403, 404, 405, 408, 409, 422, 429, 500, 503].map((status): [string, Fault] => [
    `HTTP ${status}`,
    { status, message: echo },
  ]),
  ['HTTP 500 after having written', { status: 500, afterWrite: true, message: echo }],
  ['success:false', { successFalse: true, message: echo }],
  ['a cut connection', { dropConnection: true }],
  ['no answer', { latencyMs: 600 }],
  [
    'an answer of another form',
    { mangle: () => ({ success: true, errors: [], result: { [echo]: echo }, items: echo }) },
  ],
  ['an answer that is none', { mangle: () => ({ [echo]: echo }) }],
];

const item = { value: 'C02SECRET', description: ADA };
const reads: [name: string, run: (cloudflare: Cloudflare) => Promise<unknown>][] = [
  ['snapshot', (cloudflare) => cloudflare.snapshot()],
  ['readList', (cloudflare) => cloudflare.readList(ids.serialList)],
  ['readPolicy', (cloudflare) => cloudflare.readPolicy({ kind: 'app', appId: ids.app, id: ids.policy })],
  ['tunnels', (cloudflare) => cloudflare.tunnels()],
  ['devices', (cloudflare) => cloudflare.devices({ of: [ADA] })],
  ['users', (cloudflare) => cloudflare.users([ADA])],
  ['sessionLengths', (cloudflare) => cloudflare.sessionLengths()],
  ['snapshot of sessions', (cloudflare) => cloudflare.snapshot({ sessions: true, loginMethods: true })],
  ['accessEvents', (cloudflare) => cloudflare.accessEvents({ email: ADA, since: 0 })],
];
const writes: typeof reads = [
  ['addToList', (cloudflare) => cloudflare.addToList(ids.serialList, [item])],
  ['removeFromList', (cloudflare) => cloudflare.removeFromList(ids.serialList, ['C02FJ1XQMD6T'])],
  [
    'length of an app',
    (cloudflare) => cloudflare.writeSessionLength({ place: { kind: 'app', id: ids.app }, ms: 60_000 }),
  ],
  ['length of WARP', (cloudflare) => cloudflare.writeSessionLength({ place: { kind: 'warp-sign-in' }, ms: 60_000 })],
  [
    'length of a rule',
    (cloudflare) =>
      cloudflare.writeSessionLength({ place: { kind: 'warp-network', ruleId: ids.gatewayRule }, ms: 60_000 }),
  ],
  ['revokeSessions', (cloudflare) => cloudflare.revokeSessions(ADA)],
];
/** Those that have nothing left to do where Cloudflare knows of no such thing. */
const content: typeof reads = [
  ['sessions', (cloudflare) => cloudflare.sessions(ADA)],
  ['deleteDevice', (cloudflare) => cloudflare.deleteDevice(ADA)],
  ['deleteRegistrations', (cloudflare) => cloudflare.deleteRegistrations([ADA])],
  ['freeSeats', (cloudflare) => cloudflare.freeSeats([ADA])],
];

/** All that a log or a post could make of an error. */
function everything(error: unknown): string {
  return [String(error), JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })].join('\n');
}

it.each(faults)('says nothing that is anybody’s own after %s', async (_name, fault) => {
  const { cf, account } = (started = await startAdapter());
  const patience = fault.latencyMs === undefined ? 20_000 : fault.latencyMs / 4;
  const cloudflare = createCloudflare({ ...impatient(account, patience), deciders: { app: 'Open Chat Studio' } });
  const file = await cloudflare.readPolicy({ kind: 'app', appId: ids.app, id: ids.policy });
  const all = [
    ...reads,
    ...writes,
    ...content,
    ['writePolicy', () => cloudflare.writePolicy(file, admitting(ADA))] satisfies (typeof reads)[number],
  ];
  // A write does not look at what it is answered beyond the flag, so a strange form is no failure there.
  const mayDo = (name: string): boolean =>
    (fault.mangle !== undefined && !reads.some(([read]) => read === name)) ||
    (fault.status === 404 && content.some(([one]) => one === name));

  const failures: string[] = [];
  for (const [name, run] of all) {
    cf.faults.clear();
    cf.faults.add({ ...fault, times: Infinity });
    const outcome = run(cloudflare);
    failures.push(mayDo(name) ? await quietOutcome(outcome) : everything(await failureOf(outcome)));
  }
  cf.faults.clear();
  cf.faults.add({ ...fault, times: Infinity });
  failures.push((await cloudflare.checkToken()).says);
  cf.violations.length = 0;

  for (const secret of [...SECRETS, cf.token]) expect(failures.join('\n')).not.toContain(secret);
});

async function quietOutcome(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(() => '', everything);
}
