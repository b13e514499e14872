import { notFound, ok, whole } from '../envelope.ts';
import type { Router, World } from './world.ts';

/** Device posture rules. A serial number rule holds no serials: `input.id` names the list that does. */
export function routePosture(account: Router, { state }: World): void {
  account.get('/devices/posture', (c) => {
    const rows = [...state.postureRules.values()];
    return ok(c, rows, whole(rows));
  });
  account.get('/devices/posture/:id', (c) => {
    const rule = state.postureRules.get(c.req.param('id'));
    if (rule === undefined) throw notFound('posture rule');
    return ok(c, rule);
  });
}
