import { afterEach, describe, expect, it, vi } from 'vitest';
import { ids } from '../../sandbox/cloudflare/seed-ids.ts';
import { defaultPermissions } from '../../sandbox/cloudflare/seed.ts';
import type { CloudflareOptions } from '../../sandbox/cloudflare/server.ts';
import { uuidFor, type Rule } from '../../sandbox/cloudflare/state.ts';
import { failureOf, startAdapter, type Started } from './start-adapter.ts';

let started: Started | undefined;
afterEach(() => started?.cf.stop());

async function start(options: CloudflareOptions = {}): Promise<Started> {
  started = await startAdapter(options);
  return started;
}

/** The application guards these places from now on. */
function guard({ cf }: Started, ...destinations: Rule[]): void {
  cf.account.editApp(ids.app, (body) => {
    body.destinations = destinations;
  });
}

const hostname = (name: string): Rule => ({ type: 'private', hostname: name, port_range: '443' });
const cidr = (range: string, vnet?: string): Rule => ({
  type: 'private',
  cidr: range,
  ...(vnet === undefined ? {} : { vnet_id: vnet }),
});
const published = (uri: string): Rule => ({ type: 'public', uri });

function addNetworkRoute({ cf }: Started, network: string, tunnelId: string, virtualNetworkId?: string): void {
  const id = uuidFor(`test route ${network} ${tunnelId} ${virtualNetworkId}`);
  const place = { network, tunnelId, virtualNetworkId: virtualNetworkId ?? ids.virtualNetwork };
  cf.account.state.networkRoutes.set(id, { id, ...place, comment: '', createdAt: 0, deletedAt: null });
}

function addHostnameRoute({ cf }: Started, name: string, tunnelId: string): void {
  const id = uuidFor(`test hostname route ${name} ${tunnelId}`);
  const route = { id, hostname: name, tunnelId, comment: '', createdAt: 0, deletedAt: null };
  cf.account.state.hostnameRoutes.set(id, route);
}

/** The ids of the tunnels, and how they were found. */
async function found({ cloudflare }: Started): Promise<[string[], string]> {
  const { tunnels, basis } = await cloudflare.appTunnels();
  return [tunnels.map(({ id }) => id), basis];
}

const FIRST_WAVE = ['GET access/apps', 'GET cfd_tunnel', 'GET teamnet/routes', 'GET zerotrust/routes/hostname'];

describe('calls', () => {
  it('are four at once and one for each tunnel', async () => {
    const { cf, cloudflare, routes } = await start({ seed: { secondTunnel: true } });
    // No answer of a wave is sent before its last call has arrived.
    const hold = async (call: (typeof cf.calls)[number]): Promise<void> => {
      const count = cf.calls.indexOf(call) < 4 ? 4 : 6;
      await vi.waitUntil(() => cf.calls.length >= count, { interval: 5, timeout: 2_000 });
    };
    cf.after('GET', /.*/, hold, { times: 6 });

    const { tunnels } = await cloudflare.appTunnels();

    expect(routes().slice(0, 4).toSorted()).toEqual(FIRST_WAVE);
    expect(routes().slice(4).toSorted()).toEqual(
      [ids.tunnel, ids.secondTunnel].map((id) => `GET cfd_tunnel/${id}/connections`).toSorted(),
    );
    expect(tunnels.map(({ connectors }) => connectors.length)).toEqual([1, 1]);
  });

  it('are four at once where nobody asks for the connectors', async () => {
    const { cloudflare, routes } = await start({ seed: { secondTunnel: true } });

    const tunnels = await cloudflare.usedTunnels();

    expect(routes().toSorted()).toEqual(FIRST_WAVE);
    expect(tunnels.map(({ id }) => id).toSorted()).toEqual([ids.tunnel, ids.secondTunnel].toSorted());
  });

  it('are one more for each tunnel of the account where the application is on the internet', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, published('ocs.lanternhealth.example'));
    house.cf.account.tunnel(ids.secondTunnel).ingress = [
      { hostname: 'ocs.lanternhealth.example', service: 'http://localhost:8000' },
    ];

    await house.cloudflare.appTunnels();

    const configurations = [ids.tunnel, ids.secondTunnel].map((id) => `GET cfd_tunnel/${id}/configurations`);
    expect(house.routes().slice(0, 4).toSorted()).toEqual(FIRST_WAVE);
    expect(house.routes().slice(4, 6).toSorted()).toEqual(configurations.toSorted());
    expect(house.routes().slice(6)).toEqual([`GET cfd_tunnel/${ids.secondTunnel}/connections`]);
  });

  it('are three and one more for each tunnel within a snapshot, in the same two waves', async () => {
    const { cf, cloudflare, routes } = await start();
    const own = ['GET cfd_tunnel', 'GET teamnet/routes', 'GET zerotrust/routes/hostname'];
    const hold = async (): Promise<void> => {
      await vi.waitUntil(() => cf.calls.length >= 7, { interval: 5, timeout: 2_000 });
    };
    cf.after('GET', /.*/, hold, { times: 7 });

    const { tunnels } = await cloudflare.snapshot({ tunnels: true });

    expect(tunnels).toMatchObject({ tunnels: [{ id: ids.tunnel, connectors: [{ version: '2026.3.0' }] }] });
    expect(routes()).toHaveLength(11);
    expect(routes().filter((route) => route === 'GET access/apps')).toHaveLength(1);
    expect(routes().slice(0, 7)).toEqual(expect.arrayContaining(own));
  });

  it('are none for the tunnels in a snapshot without them', async () => {
    const { cloudflare, routes } = await start();

    const snapshot = await cloudflare.snapshot();

    expect(snapshot).not.toHaveProperty('tunnels');
    expect(routes().filter((route) => /tunnel|route|teamnet/.test(route))).toEqual([]);
  });

  it('stop at 50 tunnels', async () => {
    const house = await start({ seed: { routes: 'none' } });
    const one = house.cf.account.tunnel();
    for (let n = 1; n <= 60; n++) {
      const id = uuidFor(`one of many ${n}`);
      house.cf.account.state.tunnels.set(id, { ...one, id, name: `other ${n}` });
    }

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(50);
    expect(tunnels[0]).toBe(ids.tunnel);
    expect(house.routes()).toHaveLength(54);
    expect(basis).toBe(
      'No route names the app, so these are all tunnels of the account. Only the first 50 of 61 are here.',
    );
  });
});

describe('a private name', () => {
  it('is behind any tunnel with a network route where no hostname route names it', async () => {
    await expect(found(await start())).resolves.toEqual([
      [ids.tunnel],
      'No hostname route names ocs.lantern.internal; this is the only tunnel with a network route.',
    ]);
  });

  it('may be behind several', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    const { tunnels, basis } = await house.cloudflare.appTunnels();

    expect(tunnels.map(({ id, name }) => [id, name])).toEqual(
      [
        [ids.tunnel, 'lantern-ocs'],
        [ids.secondTunnel, 'lantern-ocs'],
      ].toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)),
    );
    expect(basis).toBe('No hostname route names ocs.lantern.internal, so these are all tunnels with a network route.');
  });

  it('is behind the tunnel of its hostname route', async () => {
    await expect(found(await start({ seed: { hostnameRoute: true, secondTunnel: true } }))).resolves.toEqual([
      [ids.tunnel],
      'The hostname route ocs.lantern.internal leads through it.',
    ]);
  });

  it.each(['*.lantern.internal', 'lantern.internal', '.LANTERN.internal.'])(
    'is covered by the route %s',
    async (route) => {
      const house = await start({ seed: { secondTunnel: true } });
      addHostnameRoute(house, route, ids.secondTunnel);

      await expect(found(house)).resolves.toEqual([
        [ids.secondTunnel],
        `The hostname route ${route} leads through it.`,
      ]);
    },
  );

  it.each(['internal', '*.internal', 'wiki.lantern.internal', 'cs.lantern.internal', 'x.ocs.lantern.internal'])(
    'is not covered by the route %s',
    async (route) => {
      const house = await start({ seed: { secondTunnel: true, routes: 'none' } });
      addHostnameRoute(house, route, ids.secondTunnel);

      const [tunnels, basis] = await found(house);

      expect(tunnels).toHaveLength(2);
      expect(basis).toBe('No route names the app, so these are all tunnels of the account.');
    },
  );

  it('follows its own route rather than the one of the names around it', async () => {
    const house = await start({ seed: { hostnameRoute: true, secondTunnel: true } });
    addHostnameRoute(house, '*.lantern.internal', ids.secondTunnel);

    expect((await found(house))[0]).toEqual([ids.tunnel]);
  });

  it('with a wildcard follows every route inside it', async () => {
    const house = await start({ seed: { hostnameRoute: true, secondTunnel: true } });
    guard(house, hostname('*.lantern.internal'));
    addHostnameRoute(house, 'wiki.lantern.internal', ids.secondTunnel);

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(2);
    expect(basis).toBe('The hostname routes ocs.lantern.internal and wiki.lantern.internal lead through them.');
  });

  it('goes by the network routes of its virtual network alone', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    const other = uuidFor('another virtual network');
    addNetworkRoute(house, '10.40.0.0/16', ids.secondTunnel, other);
    guard(house, { ...hostname('ocs.lantern.internal'), vnet_id: other });

    expect((await found(house))[0]).toEqual([ids.secondTunnel]);
  });
});

describe('an address', () => {
  it.each(['10.20.0.5/32', '10.20.0.0/16', '10.20.128.0/17'])(
    '%s is behind the network that holds it',
    async (range) => {
      const house = await start({ seed: { secondTunnel: true } });
      guard(house, cidr(range));

      await expect(found(house)).resolves.toEqual([[ids.tunnel], 'The network route 10.20.0.0/16 leads through it.']);
    },
  );

  it('in the place of a name counts as an address', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, hostname('10.30.0.5'));

    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The network route 10.30.0.0/16 leads through it.',
    ]);
  });

  it('follows the narrowest route', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr('10.20.0.5/32'));
    addNetworkRoute(house, '10.20.0.0/20', ids.secondTunnel);

    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The network route 10.20.0.0/20 leads through it.',
    ]);
  });

  it('of the sixth version does too', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr('fd00:20::5/128'));
    addNetworkRoute(house, '::/0', ids.tunnel);
    addNetworkRoute(house, 'fd00:20::/48', ids.secondTunnel);

    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The network route fd00:20::/48 leads through it.',
    ]);
  });

  it('is looked for in its virtual network alone', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    const other = uuidFor('another virtual network');
    addNetworkRoute(house, '10.20.0.0/24', ids.secondTunnel, other);

    guard(house, cidr('10.20.0.5/32', ids.virtualNetwork));
    await expect(found(house)).resolves.toEqual([[ids.tunnel], 'The network route 10.20.0.0/16 leads through it.']);
    guard(house, cidr('10.20.0.5/32', other));
    expect((await found(house))[0]).toEqual([ids.secondTunnel]);
    guard(house, cidr('10.20.0.5/32'));
    const [both, basis] = await found(house);
    expect(both.toSorted()).toEqual([ids.tunnel, ids.secondTunnel].toSorted());
    expect(basis).toBe('The network routes 10.20.0.0/16 and 10.20.0.0/24 lead through them.');
  });

  it('range that is wider than the routes follows all that are inside', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr('10.0.0.0/8'));

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(2);
    expect(basis).toBe('The network routes 10.20.0.0/16 and 10.30.0.0/16 lead through them.');
  });

  it.each(['10.99.0.5/32', 'fd00::1/128', 'nonsense'])('%s that no route leads to: all tunnels', async (range) => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr(range));

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(2);
    expect(basis).toBe('No route names the app, so these are all tunnels of the account.');
  });

  it('range with many routes inside names the first of them', async () => {
    const house = await start();
    guard(house, cidr('10.0.0.0/8'));
    for (let n = 30; n < 37; n++) addNetworkRoute(house, `10.${n}.0.0/16`, ids.tunnel);

    const [, basis] = await found(house);

    expect(basis).toBe(
      'The network routes 10.20.0.0/16, 10.30.0.0/16, 10.31.0.0/16, 10.32.0.0/16, 10.33.0.0/16 and 3 more lead through it.',
    );
  });

  it('beside a name that no route names is enough', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, hostname('ocs.lantern.internal'), cidr('10.30.0.5/32'));

    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The network route 10.30.0.0/16 leads through it.',
    ]);
  });

  it('and a name add up', async () => {
    const house = await start({ seed: { secondTunnel: true, hostnameRoute: true } });
    guard(house, hostname('OCS.lantern.internal'), cidr('10.30.0.5/32'));

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(2);
    expect(basis).toBe(
      'The hostname route ocs.lantern.internal leads through one of them. The network route 10.30.0.0/16 leads through one of them.',
    );
  });
});

describe('a public hostname', () => {
  it.each([
    ['ocs.lanternhealth.example', 'ocs.lanternhealth.example'],
    ['https://OCS.lanternhealth.example:443/chat/*', 'ocs.lanternhealth.example'],
    ['ocs.lanternhealth.example/chat*', '*.lanternhealth.example'],
    ['deep.ocs.lanternhealth.example', '*.lanternhealth.example'],
    ['*.lanternhealth.example', '*.lanternhealth.example'],
  ])('%s is behind the tunnel that publishes %s', async (uri, name) => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, published(uri));
    house.cf.account.tunnel().ingress = [{ hostname: 'wiki.lanternhealth.example', service: 'http://localhost:1' }];
    house.cf.account.tunnel(ids.secondTunnel).ingress = [{ hostname: name, service: 'http://localhost:8000' }];

    await expect(found(house)).resolves.toEqual([[ids.secondTunnel], `The public hostname ${name} leads through it.`]);
  });

  it('that no tunnel publishes may be published by a file on a server: all tunnels', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, published('ocs.lanternhealth.example'), hostname('ocs.lantern.internal'));

    const [tunnels, basis] = await found(house);

    expect(tunnels).toHaveLength(2);
    expect(basis).toBe('No route names the app, so these are all tunnels of the account.');
  });

  it('and a private name are both meant by an application that has only a domain', async () => {
    const house = await start({ seed: { secondTunnel: true, hostnameRoute: true } });
    guard(house);

    expect((await found(house))[0]).toEqual([ids.tunnel]);
    house.cf.account.state.hostnameRoutes.clear();
    house.cf.account.tunnel(ids.secondTunnel).ingress = [{ hostname: 'ocs.lantern.internal', service: 'http://x' }];
    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The public hostname ocs.lantern.internal leads through it.',
    ]);
  });

  it('is looked for on, where a tunnel has no configuration and another went meanwhile', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, published('ocs.lanternhealth.example'));
    house.cf.faults.add({
      path: `${ids.tunnel}/configurations`,
      mangle: () => ({ success: true, errors: [], messages: [], result: { tunnel_id: ids.tunnel, config: null } }),
    });
    house.cf.faults.add({ path: `${ids.secondTunnel}/configurations`, status: 404 });

    const [tunnels] = await found(house);

    expect(tunnels).toHaveLength(2);
    house.cf.violations.length = 0;
  });
});

describe('without a route', () => {
  it('the only tunnel of the account is the one', async () => {
    await expect(found(await start({ seed: { routes: 'none' } }))).resolves.toEqual([
      [ids.tunnel],
      'No route names the app; this is the only tunnel of the account.',
    ]);
  });

  it('and without a tunnel there is nothing', async () => {
    await expect(found(await start({ seed: { without: ['tunnel'] } }))).resolves.toEqual([
      [],
      'No route names the app, and the account has no tunnel.',
    ]);
  });
});

describe('a route that leads nowhere', () => {
  it('because its tunnel was deleted is named, and the others count', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr('10.20.0.5/32'), cidr('10.30.0.5/32'));
    house.cf.account.deleteTunnel();

    await expect(found(house)).resolves.toEqual([
      [ids.secondTunnel],
      'The network route 10.30.0.0/16 leads through it. The network route 10.20.0.0/16 leads to a tunnel that was deleted.',
    ]);
  });

  it('leaves no tunnel where it was the only one', async () => {
    const house = await start();
    house.cf.account.deleteTunnel();

    await expect(found(house)).resolves.toEqual([
      [],
      'No hostname route names ocs.lantern.internal. The network route 10.20.0.0/16 leads to a tunnel that was deleted.',
    ]);
  });

  it('is told of several', async () => {
    const house = await start({ seed: { secondTunnel: true } });
    guard(house, cidr('10.0.0.0/8'));
    house.cf.account.deleteTunnel();
    house.cf.account.deleteTunnel(ids.secondTunnel);

    await expect(found(house)).resolves.toEqual([
      [],
      'The network routes 10.20.0.0/16 and 10.30.0.0/16 lead to tunnels that were deleted.',
    ]);
  });

  it('was deleted itself: it does not count, although it is the narrowest', async () => {
    const house = await start();
    guard(house, cidr('10.20.0.5/32'));
    const deleted = [...house.cf.account.state.networkRoutes.values()].filter(({ deletedAt }) => deletedAt !== null);

    expect(deleted.map(({ network }) => network)).toEqual(['10.20.0.0/24']);
    await expect(found(house)).resolves.toEqual([[ids.tunnel], 'The network route 10.20.0.0/16 leads through it.']);
  });

  it('through cloudflared is said to lead elsewhere', async () => {
    const house = await start();
    guard(house, cidr('10.20.0.5/32'));
    const route = { id: 'r1', network: '10.20.0.0/24', tunnel_id: uuidFor('connector of WARP') };
    house.cf.faults.add({
      path: 'teamnet/routes',
      mangle: () => ({
        success: true,
        errors: [],
        messages: [],
        result: [
          { ...route, tun_type: 'warp_connector' },
          { id: 'r2', network: '10.20.0.0/28', tunnel_id: null, virtual_network_id: null },
        ],
      }),
    });

    await expect(found(house)).resolves.toEqual([
      [],
      'The network route 10.20.0.0/24 leads to something that cloudflared does not serve.',
    ]);
    house.cf.violations.length = 0;
  });
});

describe('an account that does not answer as it should', () => {
  const mayNotRoutes = [...defaultPermissions.filter((name) => !/Tunnel/.test(name)), 'Cloudflare One Connectors Read'];

  it('tells all tunnels where the token may not read the routes', async () => {
    const house = await start({ seed: { secondTunnel: true, hostnameRoute: true, permissions: mayNotRoutes } });

    const { tunnels, basis } = await house.cloudflare.appTunnels();

    expect(tunnels.map(({ connectors }) => connectors.length)).toEqual([1, 1]);
    expect(basis).toBe(
      'The API token may not read the routes (“Cloudflare Tunnel → Read”), so these are all tunnels of the account.',
    );
  });

  it.each(['teamnet/routes', 'routes/hostname', 'configurations'])(
    'does so where %s alone is refused',
    async (path) => {
      const house = await start({ seed: { hostnameRoute: true } });
      guard(house, published('ocs.lanternhealth.example'), cidr('10.20.0.5/32'));
      house.cf.faults.add({ path, status: 403 });

      await expect(found(house)).resolves.toEqual([
        [ids.tunnel],
        'The API token may not read the routes (“Cloudflare Tunnel → Read”); this is the only tunnel of the account.',
      ]);
    },
  );

  it('takes a whole snapshot without that permission', async () => {
    const { cloudflare } = await start({ seed: { permissions: mayNotRoutes } });

    await expect(cloudflare.snapshot({ tunnels: true })).resolves.toMatchObject({
      tunnels: { tunnels: [{ id: ids.tunnel }] },
    });
  });

  it('names the permission where not even the tunnels can be read', async () => {
    const { cf, cloudflare } = await start();
    cf.account.removePermission('Cloudflare Tunnel Read');

    const failure = await failureOf(cloudflare.appTunnels());

    expect(failure).toMatchObject({ name: 'PermanentError', code: 'cloudflare-permission-missing' });
  });

  it.each(['teamnet/routes', 'routes/hostname', 'connections', 'access/apps'])(
    'is not taken at its word while %s does not answer',
    async (path) => {
      const { cf, cloudflare } = await start();
      cf.faults.add({ path, status: 503 });

      const failure = await failureOf(cloudflare.appTunnels());

      expect(failure).toMatchObject({ name: 'TransientError', code: 'cloudflare-unavailable' });
    },
  );

  it('says which application is missing', async () => {
    const { cloudflare } = await start({ seed: { without: ['app'] } });

    expect((await failureOf(cloudflare.appTunnels())).code).toBe('missing-application');
  });

  it('has no connectors of a tunnel that was deleted in between', async () => {
    const { cf, cloudflare } = await start();
    cf.faults.add({ path: 'connections', status: 404 });

    await expect(cloudflare.appTunnels()).resolves.toMatchObject({ tunnels: [{ id: ids.tunnel, connectors: [] }] });
  });
});

it('finds the tunnels of the application that the operator chose', async () => {
  const house = await start({ seed: { secondTunnel: true, hostnameRoute: true } });
  addHostnameRoute(house, 'wiki.lantern.internal', ids.secondTunnel);

  const { tunnels } = await house.decided({ app: 'Wiki' }).appTunnels();

  expect(tunnels.map(({ id }) => id)).toEqual([ids.secondTunnel]);
});
