/** Turns an id into a name, e.g. `U05ANA00001` into `ana`. */
export type Names = (id: string) => string | undefined;

/** Slack's notation in a text, as it is read: mentions by name, links by their words, dates by their fallback. */
export function plainOf(text: string, names: Names): string {
  return text
    .replaceAll(/<([^<>]+)>/g, (_, inside: string) => readBrackets(inside, names))
    .replaceAll(/(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/g, '$1')
    .replaceAll(/(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])/g, '$1')
    .replaceAll(/(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/g, '$1')
    .replaceAll(/`([^`\n]+)`/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function readBrackets(inside: string, names: Names): string {
  const [target = '', label] = inside.split('|');
  const [, kind = '', rest = ''] = /^(@|#|!subteam\^|!date\^|!|mailto:)?(.*)$/s.exec(target) ?? [];
  if (kind === '' || kind === 'mailto:' || kind === '!date^') return label ?? rest;
  const name = names(rest) ?? label ?? rest;
  return `${kind === '#' ? '#' : '@'}${name.replace(/^@/, '')}`;
}
