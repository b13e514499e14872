import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exportR2 } from '../../src/actions/export-r2.ts';
import { keepDraft, recallDraft } from '../../src/commands/drafts.ts';
import { changeExport, logsExport } from '../../src/commands/logs-export.ts';
import { openForm } from '../../src/commands/open-form.ts';
import { pressOf } from '../../src/commands/presses.ts';
import { checkValues } from '../../src/commands/resolve-values.ts';
import type { SentForm } from '../../src/commands/submission.ts';
import { submitForm } from '../../src/commands/submit-form.ts';
import type { FormValues } from '../../src/core/fields.ts';
import { createSecret } from '../../src/core/secret.ts';
import { vaultKey, type SecretReference } from '../../src/core/vault.ts';
import { formView } from '../../src/slack/form-view.ts';
import { readForm } from '../../src/slack/read-form.ts';
import { aCall, aDesk, type DeskOptions } from '../builders/a-desk.ts';
import { refusal } from '../builders/a-house.ts';
import { BEN, CARA, DINA } from '../builders/a-request.ts';
import { aSnapshot } from '../builders/a-snapshot.ts';
import { anExport } from '../builders/memory-exports.ts';
import { read, readView } from '../slack/read.ts';

const ID = 'r2id+0123456789abcdef';
const KEY = 'r2/secret+key=0123456789ABCDEFabcdef';

/** What Slack sends for a form that was filled in. */
function state(typed: Readonly<Record<string, string>>) {
  const values = {
    accountId: '0123456789abcdef0123456789abcdef',
    bucket: 'lantern-logs',
    reason: 'For the auditor.',
    ...typed,
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { [key]: { type: 'plain_text_input', value } }]),
  );
}

function valuesOf(typed: Readonly<Record<string, string>> = { accessKeyId: ID, secretAccessKey: KEY }): FormValues {
  return readForm(exportR2, state(typed));
}

function aForm(values = valuesOf(), draftId = 'draft-1'): SentForm {
  return { action: exportR2, values, draftId };
}

function aHouse(options: DeskOptions = {}) {
  const house = aDesk({ snapshot: aSnapshot({ exports: { jobs: [], fields: {} } }), ...options });
  /** Everything that was stored under any key. */
  const kept: string[] = [];
  const keep = house.store.keep.bind(house.store);
  house.store.keep = (key, value, ttl) => {
    kept.push(`${key} ${JSON.stringify(value)}`);
    return keep(key, value, ttl);
  };
  return { ...house, kept };
}

function referencesIn(input: Readonly<Record<string, unknown>> | undefined): SecretReference[] {
  return [input?.['accessKeyId'], input?.['secretAccessKey']] as SecretReference[];
}

describe('a key in a form', () => {
  it('prints nowhere from the moment on in which it is read', () => {
    const values = valuesOf();

    for (const printed of [JSON.stringify(values), inspect(values, { depth: 9, showHidden: true })]) {
      expect(printed).not.toContain(KEY);
    }
  });

  it('is in no draft, while everything else is', async () => {
    const { store, kept } = aHouse();

    await keepDraft(store, CARA.slackId, 'export-r2', valuesOf());

    expect(Object.keys(await recallDraft(store, CARA.slackId, 'export-r2')).toSorted()).toEqual([
      'accountId',
      'bucket',
      'reason',
    ]);
    expect(kept.join()).not.toContain(KEY);
  });

  it('is never put back into a form, and the form says so', () => {
    const view = formView({ action: exportR2, values: valuesOf(), draftId: 'draft-1' });

    expect(JSON.stringify(view)).not.toContain(KEY);
    expect(readView(view)).toContain('Slack shows it while you type. It goes to Cloudflare only');
  });

  it.each([
    ['nothing', '', 'Type or paste it here.'],
    ['a blank in it', 'abc def ghi', 'There is a blank or a line break in it. Copy it again, without those.'],
    ['only a part of it', 'abcdefg', 'That is too short for a key. Copy all of it.'],
  ])('is refused with %s, and is not repeated', (_what, typed, says) => {
    const { desk } = aHouse();
    const problems = checkValues(desk, exportR2, valuesOf({ accessKeyId: ID, secretAccessKey: typed }));

    expect(problems).toEqual({ secretAccessKey: says });
  });

  it('goes into the vault when the form is sent; the request and its plan hold a reference', async () => {
    const { desk, store, vault, kept } = aHouse();
    await submitForm(desk, aCall(CARA).call, aForm());

    const request = await store.load('REQ-0001');
    const [id, key] = referencesIn(request?.input);
    expect((await vault.open(id as SecretReference)).reveal()).toBe(ID);
    expect((await vault.open(key as SecretReference)).reveal()).toBe(KEY);
    const stored = [
      JSON.stringify(request),
      JSON.stringify(store.entries),
      JSON.stringify(store.effects),
      ...kept,
    ].join();
    for (const secret of [ID, KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64').slice(0, 20)]) {
      expect(stored).not.toContain(secret);
    }
  });

  it('is forgotten when nothing came of the form, which says that it has to be typed again', async () => {
    const { desk, store, account, kept } = aHouse();
    account.setExports([anExport({ name: 'ocs-access-access-requests-r2' })]);

    const answer = await submitForm(desk, aCall(CARA).call, aForm());

    expect(await store.load('REQ-0001')).toBeUndefined();
    const secrets = kept.flatMap((one) => /^secret:(\S+)/.exec(one)?.[1] ?? []);
    expect(secrets).toHaveLength(2);
    for (const secretId of secrets) expect(await store.recall(vaultKey({ secretId }))).toBeUndefined();
    expect(answer.response_action === 'update' && answer.view.type === 'modal' ? readView(answer.view) : '').toMatch(
      /There is an export like that already: .* If the field of a key is empty, type the key again\./,
    );
  });

  it('makes one request, however often the form is sent', async () => {
    const { desk, store, kept } = aHouse();

    await Promise.all([submitForm(desk, aCall(CARA).call, aForm()), submitForm(desk, aCall(CARA).call, aForm())]);
    await submitForm(desk, aCall(CARA).call, aForm());

    expect(await store.load('REQ-0002')).toBeUndefined();
    expect(kept.filter((one) => one.startsWith('secret:'))).toHaveLength(2);
  });
});

describe('without a key for the vault', () => {
  it('the form says how to make one before anything is typed', async () => {
    const { desk } = aHouse({ hasVault: false });
    const { call, views } = aCall(CARA);

    await openForm(desk, exportR2, call, { words: '' });

    expect(views.map(readView).at(-1)).toMatchInlineSnapshot(`
      "== That did not work ==
      ⚠️ Keys that are typed here are kept encrypted until they are used, and EXPORT_KEY, the key for that, is not set. Nothing was stored. Your operator makes one with openssl rand -hex 32, sets EXPORT_KEY to it for the bot and for the worker, and starts them again.
      [Close]"
    `);
  });

  it('nothing is stored of a form that was open before', async () => {
    const { desk, store, kept } = aHouse({ hasVault: false });

    await submitForm(desk, aCall(CARA).call, aForm());

    expect(await store.load('REQ-0001')).toBeUndefined();
    expect(kept.filter((one) => one.startsWith('secret:'))).toEqual([]);
    expect(kept.join()).not.toContain(KEY);
  });
});

describe('`logs export`', () => {
  it('is for approvers, and whoever else tries is in the audit log', async () => {
    const { desk, store, account } = aHouse();
    const { call } = aCall(BEN, 'logs export');

    expect((await refusal(logsExport(desk, call))).code).toBe('not-approver');
    expect(account.calls).toEqual([]);
    expect(store.entries.map(({ says }) => says)).toEqual([
      'Ben Okafor tried to see the exports of logs without being an approver.',
    ]);
  });

  it('its buttons open a form about the export as it is now', async () => {
    const { desk, account } = aHouse();
    account.setExports([anExport({ isOn: false, failure: { at: undefined, says: 'x' } })]);
    const { call, replies } = aCall(DINA, 'logs export');
    await logsExport(desk, call);
    expect(replies.map(read).join()).toContain('[Resume] [Delete]');

    const pressed = aCall(DINA, '7');
    await pressOf(desk, 'export-delete')?.(desk, pressed.call);
    expect(pressed.views.map(readView).at(-1)).toMatchInlineSnapshot(`
      "== Delete an export of logs ==
      (How it is now:)
      Access log: to s3://lantern-logs/access
      It is paused. The last delivery failed.
      ---
      Why?: <empty>
        The approver and, months later, an auditor read this.
      [Ask to delete it] [Cancel]"
    `);
  });

  it('says so where the export is gone by then, or was never one', async () => {
    const { desk } = aHouse();
    for (const value of ['7', '', '../7', 'NaN']) {
      const { call, views } = aCall(DINA, value);
      await changeExport(desk, call, 'export-pause');
      expect(views.map(readView).at(-1)).toContain('This export is gone.');
    }
  });

  it('keeps those out who are no approvers any more', async () => {
    const { desk, account } = aHouse();
    account.setExports([anExport()]);
    const { call, views } = aCall(BEN, '7');

    await changeExport(desk, call, 'export-pause');

    expect(views.map(readView).at(-1)).toContain('Only approvers can use “Pause an export of logs”');
  });
});

it('a secret is a secret only where it was made one', () => {
  expect(createSecret(KEY).reveal()).toBe(KEY);
  expect(readForm(exportR2, state({ secretAccessKey: '  ' }))['secretAccessKey']).toBeUndefined();
});
