import { distance } from 'fastest-levenshtein';
import { Environment } from './environment.ts';
import { readApprovers } from './formats.ts';

/** Variables as they were set: trimmed, without the blank ones, not yet parsed. */
export type Variables = Readonly<Record<string, string>>;

interface Rule {
  readonly variable: keyof Environment;
  readonly broken: (variables: Variables) => boolean;
  readonly says: string;
}

/** What a set of values can have wrong although each value is right. */
export const mistakeRules: readonly Rule[] = [
  {
    variable: 'SLACK_APP_TOKEN',
    broken: (set) => !set['SLACK_APP_TOKEN'] && !set['SLACK_SIGNING_SECRET'],
    says: 'is missing (or, to be called over HTTP in place of Socket Mode: SLACK_SIGNING_SECRET and PORT)',
  },
  {
    variable: 'SLACK_SIGNING_SECRET',
    broken: (set) => Boolean(set['SLACK_APP_TOKEN'] && set['SLACK_SIGNING_SECRET']),
    says: 'and SLACK_APP_TOKEN are both set; keep SLACK_APP_TOKEN for Socket Mode, or this one for HTTP',
  },
  {
    variable: 'PORT',
    broken: (set) => Boolean(set['SLACK_SIGNING_SECRET'] && !set['SLACK_APP_TOKEN'] && !set['PORT']),
    says: 'is missing: the port on which Slack reaches the bot in HTTP mode, such as 3000',
  },
  {
    variable: 'DOCKER_TLS_VERIFY',
    broken: (set) => Boolean(set['DOCKER_TLS_VERIFY'] && !set['DOCKER_CERT_PATH']),
    says: 'needs DOCKER_CERT_PATH, the folder with ca.pem, cert.pem and key.pem',
  },
  {
    variable: 'APPROVALS_NEEDED',
    broken: (set) => approversListed(set) < Number(set['APPROVALS_NEEDED'] ?? 1),
    says: 'is more than there are people in APPROVERS',
  },
];

export const warningRules: readonly Rule[] = [
  {
    variable: 'PORT',
    broken: (set) => Boolean(set['PORT'] && set['SLACK_APP_TOKEN']),
    says: 'is not used in Socket Mode',
  },
  {
    variable: 'DOCKER_CERT_PATH',
    broken: (set) => Boolean(set['DOCKER_CERT_PATH'] && !set['DOCKER_TLS_VERIFY']),
    says: 'is not used unless DOCKER_TLS_VERIFY is set',
  },
  {
    variable: 'APPROVERS',
    broken: (set) => approversListed(set) === 1 && set['ALLOW_SELF_APPROVAL'] !== 'true',
    says: 'names one person, whose own requests nobody can approve',
  },
  {
    variable: 'CLOUDFLARE_BASE_URL',
    broken: (set) => sendsInTheClear(set['CLOUDFLARE_BASE_URL']),
    says: 'starts with http://, so the token travels unencrypted',
  },
  {
    variable: 'SLACK_API_URL',
    broken: (set) => sendsInTheClear(set['SLACK_API_URL']),
    says: 'starts with http://, so the tokens travel unencrypted',
  },
];

/** How many people can approve where they are listed one by one; a group can be any number. */
function approversListed(set: Variables): number {
  try {
    const approvers = readApprovers(set['APPROVERS'] ?? '');
    return approvers.kind === 'users' ? approvers.ids.length : Infinity;
  } catch {
    return Infinity;
  }
}

function sendsInTheClear(url = ''): boolean {
  return /^http:\/\/(?!(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$))/i.test(url);
}

/** Names that are set, mean nothing to us, and look like one of ours with a slip of the finger. */
export function misspelt(variables: Variables): string[] {
  const known = Object.keys(Environment.shape);
  return Object.keys(variables).flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = known.find((candidate) => looksLike(name, candidate));
    return meant === undefined ? [] : [`${name} is not a variable of ours; did you mean ${meant}?`];
  });
}

/** The same start, so that `PATH` is not taken for `PORT`. */
function looksLike(name: string, known: string): boolean {
  const allowed = Math.max(1, Math.floor(known.length / 4));
  return name.slice(0, 3) === known.slice(0, 3) && distance(name, known) <= allowed;
}
