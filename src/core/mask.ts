/** What stands for a secret. */
const HIDDEN = '•••';

/** A word that says what follows it: `TUNNEL_TOKEN=`, `token:`, `"client-secret": "`, `Cf-Access-Client-Secret:[`. */
const NAMED =
  /([\w-]{0,40}(?:token|secret|passw(?:or)?d|api[_-]?key|private[_-]?key)["']?\s{0,3}[:=]\s{0,3}\[?["']?)[^\s"',;&\]})]+/gi;
/** The rest of the line, or of its quoted or bracketed part: such a value has spaces in it. */
const HEADER = /((?:authorization|cookie)["']?\s{0,3}[:=]\s{0,3}\[?["']?)[^\]"'\r\n]+/gi;
const OPTION = /(--[\w-]{0,40}(?:token|secret|password|api-key|credentials-contents)(?:=|\s{1,3})["']?)[^\s"']+/gi;
/** A scheme of HTTP with something that is no plain word. */
const SCHEME = /\b([Bb]earer|[Bb]asic)\s{1,3}(?=\S*[\dA-Z=])[\w+/.~=-]{8,}/g;
/** `user:password@` and `token@` in an address. */
const IN_URL = /(\w:\/\/)[^\s/"']+@/g;
/** JSON in base64: what tunnel tokens and JWTs start with. */
const BASE64_JSON = /\beyJ[\w+/=.-]{8,}/g;
const LONGEST_PLAIN = 31;
const LONG_RUN = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
const HEX = /[0-9a-f]{32,}/i;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Hides what looks like a secret in a line of a log. Rather too much than too little; but the ids of tunnels and
 * connectors (UUIDs), IP addresses and names stay, because they are what the log is read for.
 */
export function maskSecrets(line: string): string {
  return line
    .replace(BASE64_JSON, HIDDEN)
    .replace(IN_URL, `$1${HIDDEN}@`)
    .replace(HEADER, `$1${HIDDEN}`)
    .replace(OPTION, `$1${HIDDEN}`)
    .replace(NAMED, `$1${HIDDEN}`)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(LONG_RUN, (run) => (looksRandom(run.replace(UUID, '')) ? HIDDEN : run));
}

const ADDRESS = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,63}/gu;

/** Hides e-mail addresses, with the words that hyphens and dots tie to them. */
export function maskAddresses(line: string): string {
  return line.replace(ADDRESS, HIDDEN);
}

/** Paths and names can be long too, but rarely have digits and both kinds of letters. */
function looksRandom(run: string): boolean {
  if (run.length <= LONGEST_PLAIN) return false;
  return HEX.test(run) || (/\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run));
}
