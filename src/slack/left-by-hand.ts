import { bold, line, list, rich } from './rich.ts';

/** What no bot can do about a lost device. */
export const leftByHand = rich(
  line(bold('Left to do by hand')),
  list('bullet', [
    ['Lock or erase the device from afar: with your device management, or the finder of its maker.'],
    ['Change the passwords that were saved on it, and sign the owner out everywhere at your sign-in provider.'],
    ['Tell the police and the insurance, as your rules say.'],
  ]),
);
