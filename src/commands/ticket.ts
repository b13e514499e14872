import { UserError } from '../core/errors.ts';
import { readTicket } from '../core/request.ts';

/** What a button of a request's message carries. Throws UserError for anything else. */
export function ticketIn(value: string): { readonly id: string; readonly plan: string } {
  const read = readTicket(value);
  if (read === undefined) throw unknownRequest();
  return read;
}

export function unknownRequest(): UserError {
  return new UserError('I don’t know this request any more. Ask for its newest message.', { code: 'no-such-request' });
}
