import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Quirks } from '../quirks.ts';
import type { State } from '../state.ts';

/** What every resource gets to work with. */
export interface World {
  state: State;
  quirks: Quirks;
  now: () => number;
}

/** The router of one account: paths start behind `/accounts/{account_id}`. */
export type Router = Hono<{ Bindings: HttpBindings }>;
