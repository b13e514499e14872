import { badRequest, isObject, jsonBody, notFound, ok, stamp, whole } from '../envelope.ts';
import type { User } from '../people.ts';
import type { Router, World } from './world.ts';

interface Seat {
  seatUid: string;
  isFreed: boolean;
}

function parseSeat(sent: unknown, index: number): Seat {
  const pointer = `/${index}`;
  if (!isObject(sent)) throw badRequest('a seat must be an object', pointer);
  const { seat_uid: seatUid, access_seat: access, gateway_seat: gateway } = sent;
  if (typeof seatUid !== 'string' || seatUid === '') throw badRequest('seat_uid is required', `${pointer}/seat_uid`);
  if (typeof access !== 'boolean') throw badRequest('access_seat must be a boolean', `${pointer}/access_seat`);
  if (typeof gateway !== 'boolean') throw badRequest('gateway_seat must be a boolean', `${pointer}/gateway_seat`);
  return { seatUid, isFreed: !access && !gateway };
}

/** Takes the seat and the registrations. Sessions live on, and whoever a policy admits logs in again and takes a seat. */
function free({ state, now }: World, user: User): void {
  Object.assign(user, { accessSeat: false, gatewaySeat: false, updatedAt: now() });
  for (const [id, { userId }] of state.registrations) if (userId === user.id) state.registrations.delete(id);
}

const showSeat = (user: User): object => ({
  seat_uid: user.seatUid,
  access_seat: user.accessSeat,
  gateway_seat: user.gatewaySeat,
  created_at: stamp(user.createdAt),
  updated_at: stamp(user.updatedAt),
});

export function routeAccessSeats(account: Router, world: World): void {
  account.patch('/access/seats', async (c) => {
    const sent = await jsonBody(c);
    if (!Array.isArray(sent) || sent.length === 0) throw badRequest('the body must be an array of seats');
    const bySeat = new Map([...world.state.users.values()].map((user) => [user.seatUid, user]));
    // All or nothing: that one unknown seat spares the others is not documented. Only both false frees a seat, and
    // nothing here gives one.
    const seats = sent.map(parseSeat).map(({ seatUid, isFreed }) => {
      const user = bySeat.get(seatUid);
      if (user === undefined) throw notFound('seat');
      return { user, isFreed };
    });
    for (const { user, isFreed } of seats) if (isFreed) free(world, user);
    const rows = seats.map(({ user }) => showSeat(user));
    return ok(c, rows, whole(rows));
  });
}
