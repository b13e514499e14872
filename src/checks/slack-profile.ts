import { foldAddress } from '../core/address.ts';
import type { Check } from './check.ts';

/** Is it the address of the person’s Slack profile? */
export const slackProfile: Check = {
  id: 'slack-profile',
  findings({ email, profile }) {
    if (profile === undefined) return [];
    if (profile === 'nobody') {
      return [
        {
          verdict: 'warning',
          says: 'Nobody in Slack has this address.',
          fix: 'Right for somebody outside Slack. Otherwise compare it with their profile, letter by letter.',
        },
      ];
    }
    const { name, email: own } = profile;
    if (own !== undefined && foldAddress(own) === email)
      return [{ verdict: 'ok', says: `The Slack profile of ${name} has the same address.` }];
    const theirs = own === undefined ? 'shows no address' : `has another one, ${own}`;
    return [
      {
        verdict: 'warning',
        says: `The Slack profile of ${name} ${theirs}.`,
        fix: `The code goes to the address typed on the sign-in page: it has to be ${email}.`,
      },
    ];
  },
};
