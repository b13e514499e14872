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
          fix: 'For somebody outside Slack that is right. Otherwise compare it letter by letter with their profile.',
        },
      ];
    }
    const { name, email: own } = profile;
    if (own?.toLowerCase() === email) return [{ verdict: 'ok', says: `It is the address of ${name}’s Slack profile.` }];
    const theirs = own === undefined ? 'shows no address' : `has another one, ${own}`;
    return [
      {
        verdict: 'warning',
        says: `The Slack profile of ${name} ${theirs}.`,
        fix: `A code goes to the address that is typed on the sign-in page: they have to type ${email}.`,
      },
    ];
  },
};
