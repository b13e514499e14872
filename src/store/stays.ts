import { z } from 'zod';
import { foldAddress } from '../core/address.ts';
import { PermanentError } from '../core/errors.ts';
import type { Stays } from '../core/ports.ts';
import { Stay } from '../core/stay.ts';
import type { Keys } from './keys.ts';
import type { RedisCall } from './redis-call.ts';

const MaybeText = z.string().nullable();
const Texts = z.array(z.string());

/** End dates, in one hash: hundreds of them are read in one call. */
export function createStays(call: RedisCall, keys: Keys): Stays {
  return {
    async stayOf(email) {
      const json = MaybeText.parse(await call('HGET', keys.stays, foldAddress(email)));
      return json === null ? undefined : readStay(json);
    },
    async stays() {
      return Texts.parse(await call('HVALS', keys.stays)).map(readStay);
    },
    async putStay(stay) {
      const parsed = Stay.parse(stay);
      await call('HSET', keys.stays, parsed.person.email, JSON.stringify(parsed));
    },
    async dropStay(email) {
      await call('HDEL', keys.stays, foldAddress(email));
    },
  };
}

function readStay(json: string): Stay {
  try {
    return Stay.parse(JSON.parse(json));
  } catch (cause) {
    throw new PermanentError('An end date that is stored can’t be read by this version of the bot.', {
      code: 'stored-unreadable',
      cause,
    });
  }
}
