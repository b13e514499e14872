/** What can be typed after `/ocs-access` beside the actions. It changes nothing. */
export interface ListedWord {
  readonly word: string;
  readonly usage?: string;
  readonly says: string;
  readonly isForApprovers?: boolean;
}

export const listedWords: readonly ListedWord[] = [
  { word: 'whoami', says: 'See your access, until when, and your devices.' },
  { word: 'otp', usage: '[@person|e-mail]', says: 'Find out why no sign-in code arrives.' },
  { word: 'tunnel', says: 'See how the tunnel to the app is.' },
  {
    word: 'logs',
    usage: 'access|gateway|digest|export',
    says: 'See who came in, who was turned away and why, what a day brought; deliver logs elsewhere. For approvers.',
    isForApprovers: true,
  },
  {
    word: 'audit',
    usage: '[request|@person|e-mail] [since]',
    says: 'See who asked, decided and did what, and whether that record is whole. For approvers.',
    isForApprovers: true,
  },
  { word: 'requests', says: 'See what is open, for how long, and who can decide it.' },
  {
    word: 'panel',
    says: 'Post a button for lost devices into this channel, to be pinned. For approvers.',
    isForApprovers: true,
  },
  { word: 'status', says: 'See whether Slack, Cloudflare and the tunnel are well.' },
];
