import type { Sandbox } from '../start-sandbox.ts';

type World = Pick<Sandbox, 'cloudflare' | 'docker'>;

/** What one can make happen on the server and in the account, by its name in `POST /happen/{name}`. */
const happenings: ReadonlyMap<string, (world: World) => void> = new Map([
  ['stop-cloudflared', ({ docker }: World) => connectors(docker).forEach(({ name }) => docker.stops(name))],
  ['start-cloudflared', ({ docker }: World) => connectors(docker).forEach(({ name }) => docker.starts(name))],
  ['never-comes-back', ({ docker }: World) => docker.neverComesBack()],
  ['comes-back', ({ docker }: World) => docker.recovers()],
  ['lose-two-connections', ({ cloudflare: { account } }: World) => account.tunnelLosesConnections(account.ids.tunnel)],
  ['delete-tunnel', ({ cloudflare: { account } }: World) => account.deleteTunnel()],
]);

/** Throws for a name that there is not. */
export function letHappen(world: World, name: string): void {
  const happening = happenings.get(name);
  if (happening !== undefined) return happening(world);
  throw new Error(`Nothing of the name “${name}” can happen here. There is: ${[...happenings.keys()].join(', ')}.`);
}

function connectors(docker: World['docker']) {
  return docker.containers().filter(({ isConnector }) => isConnector);
}
