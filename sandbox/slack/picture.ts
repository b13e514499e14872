import type { Names } from './plain-of.ts';
import { channelSnapshot, messageSnapshot, viewSnapshot } from './snapshots.ts';
import { toText } from './to-text.ts';
import type { Workspace } from './workspace.ts';

/** Names for ids of people, channels and groups. */
export function nameIn(workspace: Workspace): Names {
  return (id) =>
    workspace.users.get(id)?.name ??
    (workspace.channels.get(id)?.name || undefined) ??
    workspace.groups.get(id)?.handle;
}

/** Everything that somebody can see right now, the last messages of each channel only. */
export function drawPicture(workspace: Workspace): string {
  const names = nameIn(workspace);
  const parts: string[] = [];
  const draw = (title: string, texts: string[]) => {
    if (texts.length > 0) parts.push(`${title}\n${texts.map(indent).join('\n')}`);
  };

  for (const channel of workspace.channels.values()) {
    const person = [...channel.members].find((id) => id !== workspace.app.botUserId) ?? '';
    const title = channel.kind === 'im' ? `DM with ${names(person)}` : `#${channel.name}`;
    draw(
      title,
      channelSnapshot(workspace, channel)
        .slice(-3)
        .map((message) => toText(message, names)),
    );
  }
  for (const [userId, stack] of workspace.stacks) {
    draw(
      `${names(userId)} has open`,
      stack.map((view) => toText(viewSnapshot(view), names)),
    );
  }
  for (const [userId, shown] of workspace.ephemerals) {
    draw(
      `only ${names(userId)} sees`,
      shown.slice(-3).map((one) => toText(messageSnapshot(workspace, one), names)),
    );
  }
  draw('suspicious', workspace.faultsSeen);
  return parts.join('\n') || '(nothing yet)';
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
