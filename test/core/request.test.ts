import { describe, expect, it } from 'vitest';
import { MOVES, isOpen, isOver, move, readTicket, requestId, Status, ticketOf } from '../../src/core/request.ts';
import { aRequest } from '../builders/a-request.ts';

describe('the moves of a request', () => {
  it.each(Status.options)('from %s: only those in the table', (status) => {
    const events = ['complete', 'approve', 'deny', 'withdraw', 'expire', 'start', 'finish', 'fail'] as const;
    for (const event of events) {
      const moved = () => move(aRequest({ status }), event).status;
      const target = MOVES[status][event];
      if (target === undefined) expect(moved, event).toThrow(`REQ-0142 is ${status}, so it can't ${event}.`);
      else expect(moved(), event).toBe(target);
    }
  });

  it('lead out of every state but the last ones', () => {
    expect(Status.options.filter((status) => isOver(aRequest({ status })))).toEqual([
      'done',
      'failed',
      'denied',
      'withdrawn',
      'expired',
    ]);
  });

  it('can be decided about while it waits for something', () => {
    expect(Status.options.filter((status) => isOpen(aRequest({ status })))).toEqual(['waiting', 'pending']);
  });

  it('change the request and nothing of the one before', () => {
    const before = aRequest();

    expect(move(before, 'deny', { decidedAt: 5 })).toEqual({ ...before, status: 'denied', decidedAt: 5 });
    expect(before.status).toBe('pending');
  });
});

describe('the id of a request', () => {
  it.each([
    [1, 'REQ-0001'],
    [142, 'REQ-0142'],
    [12_345, 'REQ-12345'],
  ])('of %i is %s', (sequence, id) => {
    expect(requestId(sequence)).toBe(id);
  });
});

describe('what a button carries', () => {
  it('names the request and its plan', () => {
    const request = aRequest();

    expect(readTicket(ticketOf(request))).toEqual({ id: 'REQ-0142', plan: request.planHash?.slice(0, 16) });
  });

  it('names no plan where there is none', () => {
    expect(readTicket(ticketOf(aRequest({ plan: undefined })))).toEqual({ id: 'REQ-0142', plan: '' });
  });

  it.each(['', 'REQ-0142', 'REQ-142.', 'REQ-0142.XYZ', 'x REQ-0142.ab', `REQ-0142.${'a'.repeat(17)}`, 'REQ-0142.ab\n'])(
    'is nothing if it is %j',
    (ticket) => {
      expect(readTicket(ticket)).toBeUndefined();
    },
  );
});
