import type { Action } from '../../src/core/action.ts';
import { commandOf, listedActions } from '../../src/slack/listed-actions.ts';
import { listedWords } from '../../src/slack/listed-words.ts';
import { fieldsOf, type FieldKind } from '../../src/core/fields.ts';

const WHO_ASKS: Record<Action['mayAsk'], string> = {
  member: 'any full member of the workspace',
  approver: 'approvers only',
};

const CONFIGURED =
  'as many as `APPROVALS_NEEDED` says, never from the requester or from somebody who gains by it (`ALLOW_SELF_APPROVAL` lifts that)';

const ON_FAILURE: Record<Action['effect'], string> = {
  grant: 'it stops, and what it had granted is taken back, newest first',
  reduce:
    'the other steps go on; it is tried again until it holds, and after 2 minutes the approvers are called, with the place to do it by hand',
  change: 'it stops, and what it had changed is put back as far as it can be, newest first',
};

const KINDS: Record<FieldKind, string> = {
  person: 'a colleague from Slack, or an e-mail address',
  device: 'operating system and serial number, or the wish that the owner types it',
  insider: 'somebody who has access now: type a few letters, or an e-mail address',
  people: 'several people, one a line, pasted or as a CSV file',
  'enrolled-device': 'a device that is registered: type a few letters of its name, serial number or owner',
  text: 'text, 3 to 500 characters',
  choice: 'one of those in the form',
  tick: 'a tick',
  end: 'a date, or a duration such as `30d` or `2w`',
  duration: 'a length of time such as `8h`',
  secret: 'a key: it waits encrypted until the request is over and is wiped then; only Cloudflare gets it',
};

const LINE = 'one line, up to 200 characters';

/** The reference of everything that the bot can do, in Markdown: `docs/actions.md`. */
export function renderActions(actions: readonly Action[]): string {
  const words = new Intl.ListFormat('en').format(['help', ...listedWords.map(({ word }) => word)].map(asCode));
  const head = `# Actions

<!-- Generated from src/actions/registry.ts. Do not edit: run \`npm run docs\`. -->

What one can ask for with \`/ocs-access\`. Every one of them goes the same way: a form or a button, the plan, approval where
it is needed, the run, and the audit log. \`/ocs-access help\` lists those that the asker may use.

These words change nothing and need no request: ${words}.
`;
  return [head, ...actions.map(renderAction)].join('\n');
}

function renderAction(action: Action): string {
  const { title, summary, mayAsk, approvalsSay = CONFIGURED, effect, input } = action;
  const fields = fieldsOf(input).map(({ label, field, isOneLine = false, optional, hint = '' }) =>
    row(label, isOneLine ? LINE : KINDS[field], optional ? 'no' : 'yes', hint),
  );
  return `## ${title}

${summary}

${wayTo(action)}

| | |
| --- | --- |
${row('Who may ask', WHO_ASKS[mayAsk])}
${row('Approvals', approvalsSay)}
${row('When a step fails', ON_FAILURE[effect])}

${fields.length === 0 ? 'It has no form: the plan is shown at once, to be confirmed.' : fieldTable(fields)}
`;
}

function fieldTable(fields: readonly string[]): string {
  return `| Field | What it takes | Needed | Hint in the form |
| --- | --- | --- | --- |
${fields.join('\n')}`;
}

function wayTo(action: Action): string {
  if (action.variantOf !== undefined) return `A button in the form of \`${action.variantOf}\` leads to it.`;
  if (action.offeredBy !== undefined) {
    return `A button below the answer to \`/ocs-access ${action.offeredBy}\` leads to it.`;
  }
  const isTyped = listedActions([action]).length > 0;
  return isTyped ? howTyped(action) : 'A button on the message of an earlier request leads to it.';
}

function howTyped(action: Action): string {
  const { usage, examples } = action;
  const line = ['/ocs-access', commandOf(action), usage].filter((word) => word !== '').join(' ');
  return [`    ${line}`, '', ...examples.map((example) => `- \`/ocs-access ${example}\``)].join('\n');
}

function asCode(word: string): string {
  return `\`${word}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
