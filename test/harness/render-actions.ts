import type { Action } from '../../src/core/action.ts';
import { fieldsOf, type FieldKind } from '../../src/core/fields.ts';

const WHO_ASKS: Record<Action['mayAsk'], string> = {
  member: 'any full member of the workspace',
  approver: 'approvers only',
};

const APPROVALS: Record<Action['approvals'], string> = {
  configured:
    'as many as `APPROVALS_NEEDED` says, never from the requester or from somebody who gains by it (`ALLOW_SELF_APPROVAL` lifts that)',
  none: 'none, it runs at once',
};

const ON_FAILURE: Record<Action['effect'], string> = {
  grant: 'it stops, and what it had granted is taken back, newest first',
  reduce: 'the other steps go on',
  change: 'the other steps go on',
};

const KINDS: Record<FieldKind, string> = {
  person: 'a colleague from Slack, or an e-mail address',
  device: 'operating system and serial number, or the wish that the owner types it',
  text: 'text, 3 to 500 characters',
};

/** The reference of everything that the bot can do, in Markdown: `docs/actions.md`. */
export function renderActions(actions: readonly Action[]): string {
  const head = `# Actions

<!-- Generated from src/actions/registry.ts. Do not edit: run \`npm run docs\`. -->

What one can ask for with \`/ocs-access\`. Every one of them goes the same way: form, plan, approval, run, audit.
\`/ocs-access help\` lists those that the asker may use; \`/ocs-access status\` tells whether everything works.
`;
  return [head, ...actions.map(renderAction)].join('\n');
}

function renderAction(action: Action): string {
  const { title, summary, id, usage, examples, mayAsk, approvals, effect, input } = action;
  const fields = fieldsOf(input).map(({ label, field, optional, hint = '' }) =>
    row(label, KINDS[field], optional ? 'no' : 'yes', hint),
  );
  return `## ${title}

${summary}

    ${['/ocs-access', id, usage].filter((word) => word !== '').join(' ')}

${examples.map((example) => `- \`/ocs-access ${example}\``).join('\n')}

| | |
| --- | --- |
${row('Who may ask', WHO_ASKS[mayAsk])}
${row('Approvals', APPROVALS[approvals])}
${row('When a step fails', ON_FAILURE[effect])}

| Field | What it takes | Needed | Hint in the form |
| --- | --- | --- | --- |
${fields.join('\n')}
`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
