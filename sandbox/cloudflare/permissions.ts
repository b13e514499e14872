import { ApiError, codes } from './envelope.ts';
import type { Token } from './state.ts';

interface Area {
  path: RegExp;
  read: readonly string[];
  write: readonly string[];
}

const readAndWrite = (stem: string): Pick<Area, 'read' | 'write'> => ({
  read: [`${stem} Read`, `${stem} Write`],
  write: [`${stem} Write`],
});

const anyOf = (...stems: string[]): Pick<Area, 'read' | 'write'> => ({
  read: stems.flatMap((stem) => readAndWrite(stem).read),
  write: stems.flatMap((stem) => readAndWrite(stem).write),
});

/** Permission groups per area; one of the names suffices. First match counts. */
const areas: readonly Area[] = [
  { path: /\/access\/(apps|policies)/, ...readAndWrite('Access: Apps and Policies') },
  {
    path: /\/access\/(groups|identity_providers|organizations)/,
    ...readAndWrite('Access: Organizations, Identity Providers, and Groups'),
  },
  { path: /\/access\/seats/, read: [], write: ['Zero Trust: Seats Write'] },
  { path: /\/access\/(users|logs)/, read: ['Access: Audit Logs Read'], write: ['Zero Trust: Seats Write'] },
  { path: /\/(devices|gateway)\//, ...readAndWrite('Zero Trust') },
  { path: /\/logpush\/datasets\/[^/]+\/fields/, ...readAndWrite('Logs') },
  // Keys are in the jobs, so reading them asks for as much as writing.
  { path: /\/logpush\//, read: ['Logs Write'], write: ['Logs Write'] },
  { path: /\/cfd_tunnel/, ...anyOf('Cloudflare Tunnel', 'Cloudflare One Connectors') },
  { path: /\/(teamnet|zerotrust)\/routes/, ...anyOf('Cloudflare Tunnel', 'Cloudflare One Networks') },
];

/** Throws 403, with the code that the platform gives for a token that is right but may not. */
export function checkPermission(token: Token, method: string, path: string): void {
  const area = areas.find((candidate) => candidate.path.test(path));
  if (area === undefined) return;
  const enough = method === 'GET' ? area.read : area.write;
  if (enough.some((name) => token.permissions.has(name))) return;
  throw new ApiError(403, codes.authentication, 'Authentication error');
}

/** Throws 401 for a missing or wrong token. The verify routes have an error of their own. */
export function checkToken(token: Token, authorization: string | undefined, path: string): void {
  if (authorization === `Bearer ${token.secret}` && token.status === 'active') return;
  if (path.endsWith('/tokens/verify')) throw new ApiError(401, codes.invalidToken, 'Invalid API Token');
  throw new ApiError(401, codes.authentication, 'Authentication error');
}
