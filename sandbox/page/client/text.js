import { formatDate, inFull } from './dates.js';
import { html } from './html.js';

/** A text object of Block Kit: plain text as it is, mrkdwn as Slack draws it. */
export function Text({ text, ctx }) {
  if (text === undefined) return null;
  return text.type === 'mrkdwn' ? mrkdwn(text.text, ctx) : breakLines([text.text ?? '']);
}

/** Slack's own markup. Anything that it does not know stays as it was typed. */
export function mrkdwn(source, ctx) {
  const parts = source.split(/```([\s\S]*?)```/);
  return parts.map((part, index) =>
    index % 2 === 1 ? html`<pre>${unescape(part.replace(/^\n/, ''))}</pre>` : quotes(part, ctx),
  );
}

function quotes(source, ctx) {
  const lines = source.split('\n');
  const groups = [];
  for (const line of lines) {
    const isQuote = /^(>|&gt;) ?/.test(line);
    const text = isQuote ? line.replace(/^(>|&gt;) ?/, '') : line;
    const last = groups.at(-1);
    if (last?.isQuote === isQuote) last.lines.push(text);
    else groups.push({ isQuote, lines: [text] });
  }
  return groups.map(({ isQuote, lines: own }) => {
    const body = inline(own.join('\n'), ctx);
    return isQuote ? html`<blockquote>${body}</blockquote>` : body;
  });
}

const marks = [
  { pattern: /`([^`\n]+)`/, draw: (inside) => html`<code>${unescape(inside)}</code>` },
  { pattern: /<([^<>]+)>/, draw: (inside, ctx) => bracketed(inside, ctx) },
  {
    pattern: /(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/,
    draw: (inside, ctx) => html`<strong>${inline(inside, ctx)}</strong>`,
  },
  { pattern: /(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)/, draw: (inside, ctx) => html`<em>${inline(inside, ctx)}</em>` },
  { pattern: /(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/, draw: (inside, ctx) => html`<s>${inline(inside, ctx)}</s>` },
];

function inline(source, ctx) {
  const found = marks
    .map((mark) => ({ mark, match: mark.pattern.exec(source) }))
    .filter(({ match }) => match !== null)
    .toSorted((a, b) => a.match.index - b.match.index)[0];
  if (found === undefined) return breakLines([unescape(source)]);
  const { mark, match } = found;
  return [
    ...breakLines([unescape(source.slice(0, match.index))]),
    mark.draw(match[1], ctx),
    ...[inline(source.slice(match.index + match[0].length), ctx)].flat(),
  ];
}

function bracketed(inside, ctx) {
  const date = /^!date\^(\d+)\^([^^|]+)(?:\^([^|]*))?\|(.*)$/s.exec(inside);
  if (date !== null) return dateElement(Number(date[1]), date[2], date[4], ctx);
  const [target, label] = inside.split('|');
  if (/^[@#]/.test(target)) return mention(target[0], target.slice(1), label, ctx);
  if (target.startsWith('!subteam^')) return mention('@', target.slice(9), label?.replace(/^@/, ''), ctx);
  if (target.startsWith('!')) return html`<span class="mention">@${target.slice(1)}</span>`;
  return anchor(unescape(target), unescape(label ?? target));
}

export function mention(sign, id, label, { names, me }) {
  return html`<span class=${id === me ? 'mention mine' : 'mention'}>${sign}${names[id] ?? label ?? id}</span>`;
}

/** Only what is safe to open is a link. */
export function anchor(url, words) {
  if (!/^(https?:|mailto:)/i.test(url)) return words;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${words}</a>`;
}

export function dateElement(seconds, format, fallback, { timeZone }) {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  return html`<time datetime=${at.toISOString()} title=${inFull(at, timeZone)}
    >${formatDate(seconds, format, timeZone)}</time
  >`;
}

export function breakLines(parts) {
  return parts.flatMap((part) =>
    part.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br />`, line])),
  );
}

function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
