import type { Workspace } from './workspace.ts';

/**
 * What a command's text becomes on its way to the app when the manifest says `should_escape`: mentions, channels,
 * addresses and links are turned into Slack's own notation. A name that nobody has stays as it was typed.
 */
export function escapeCommand(workspace: Workspace, text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .split(/(\s+)/)
    .map((word) => escapeWord(workspace, word))
    .join('');
}

function escapeWord(workspace: Workspace, word: string): string {
  if (/^https?:\/\/\S+$/.test(word)) return `<${word}>`;
  if (/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(word)) return `<mailto:${word}|${word}>`;
  const match = /^([@#])([\w.-]*\w)(.*)$/s.exec(word);
  if (match === null) return word;
  const [, sign, name = '', rest = ''] = match;
  return `${sign === '@' ? mention(workspace, name) : channel(workspace, name)}${rest}`;
}

function mention(workspace: Workspace, name: string): string {
  const user = [...workspace.users.values()].find((one) => one.name === name && !one.deleted);
  if (user !== undefined) return `<@${user.id}|${user.name}>`;
  const group = [...workspace.groups.values()].find((one) => one.handle === name);
  return group === undefined ? `@${name}` : `<!subteam^${group.id}|@${group.handle}>`;
}

function channel(workspace: Workspace, name: string): string {
  const found = [...workspace.channels.values()].find((one) => one.name === name && one.kind !== 'im');
  return found === undefined ? `#${name}` : `<#${found.id}|${found.name}>`;
}
