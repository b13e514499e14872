/** Slack's date tokens, filled in for the reader's time zone. */

const dated = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/** `seconds` since 1970; `format` such as `{date_short_pretty} at {time}`. */
export function formatDate(seconds, format, timeZone) {
  const at = new Date(seconds * 1000);
  return format.replaceAll(/\{(\w+)\}/g, (whole, token) => {
    if (token === 'ago') return ago(at);
    if (token.endsWith('_pretty')) return pretty(at, timeZone) ?? say(at, token.replace('_pretty', ''), timeZone);
    return dated[token] === undefined ? whole : say(at, token, timeZone);
  });
}

/** The time of a message timestamp. */
export function clockTime(ts, timeZone) {
  return say(new Date(Number(ts) * 1000), 'time', timeZone);
}

export function inFull(at, timeZone) {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone }).format(at);
}

function say(at, token, timeZone) {
  const locale = token === 'date_num' ? 'sv-SE' : 'en-US';
  return new Intl.DateTimeFormat(locale, { ...dated[token], timeZone }).format(at);
}

function pretty(at, timeZone) {
  const day = (date) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(date);
  const names = [
    [0, 'today'],
    [-1, 'yesterday'],
    [1, 'tomorrow'],
  ];
  return names.find(([days]) => day(at) === day(new Date(Date.now() + days * 86_400_000)))?.[1];
}

function ago(at) {
  const minutes = Math.round((at.getTime() - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 1440), 'day');
}
