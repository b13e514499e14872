import type { HomeFacts } from '../../src/core/home.ts';
import { ANA, ASKED_AT } from '../builders/a-request.ts';

/** The Home tab of a member with nothing on it. Each test changes the one thing that it is about. */
export function aHome(changes: Partial<HomeFacts> = {}): HomeFacts {
  return {
    slackId: ANA.slackId,
    isApprover: false,
    devices: [],
    endsAt: undefined,
    own: [],
    waiting: [],
    ending: [],
    tunnels: undefined,
    at: ASKED_AT,
    ...changes,
  };
}
