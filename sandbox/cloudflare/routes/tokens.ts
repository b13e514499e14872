import type { Context } from 'hono';
import { ApiError, codes, ok } from '../envelope.ts';
import type { Token } from '../state.ts';
import type { Router, World } from './world.ts';

// Each kind of token has its own route, and the other one does not know it. How the real one refuses is not documented;
// this is the answer for a token that does not exist.
function verify(c: Context, token: Token, kind: Token['kind']): Response {
  if (token.kind !== kind) throw new ApiError(401, codes.invalidToken, 'Invalid API Token');
  return ok(c, { id: token.id, status: token.status });
}

export function routeTokens(root: Router, account: Router, { state }: World): void {
  root.get('/user/tokens/verify', (c) => verify(c, state.token, 'user'));
  account.get('/tokens/verify', (c) => verify(c, state.token, 'account'));
}
