import { pino } from 'pino';
import { expect, it } from 'vitest';
import { useSandbox } from '../harness/use-sandbox.ts';
import { asksForAna, cardOf, cardSays, dmSays, fillsForm, hasCard, SERIAL } from './onboarding-driver.ts';

const start = useSandbox();

it('says in a message why nothing came of a form that was closed while the bot was still looking', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  const [taken = ''] = cloudflare.account.serials();
  await fillsForm(sandbox, { person: 'ana', serial: taken });
  cloudflare.latency(1500);

  await slack.as('ben').submits();
  await slack.as('ben').closes({ all: true });

  expect(await dmSays(sandbox, 'ben', /could not be sent/)).toBe(
    'The form that you closed could not be sent. What you typed is kept for an hour: open the form again and you see why.',
  );
  expect(hasCard(sandbox)).toBe(false);
  // Slack answers that the modal is gone; that is what this test is about.
  slack.takeFaultsSeen(/not_found/);
});

it('sends the request although the form was closed while the bot was still looking', async () => {
  const sandbox = await start();
  const { slack, cloudflare } = sandbox;
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
  cloudflare.latency(1500);

  await slack.as('ben').submits();
  await slack.as('ben').closes({ all: true });

  await cardSays(sandbox, /waiting for approval/);
  await dmSays(sandbox, 'ben', /REQ-0001/);
  slack.takeFaultsSeen(/not_found/);
});

it('asks to try again when Slack gave it too little time to open the form', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  slack.faults.add({ method: 'views.open', error: 'expired_trigger_id' });

  await slack.as('ben').types('/ocs-access add');

  const said = await slack.until(() => slack.as('ben').ephemerals().at(-1), { what: 'an answer' });
  expect(said.text).toBe('That took too long, so Slack did not let me open the form. Please try again.');
});

it('makes no fuss when somebody picks another system before the form was drawn anew', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const sandbox = await start({ log });
  const { slack } = sandbox;
  await fillsForm(sandbox, { person: 'ana', serial: SERIAL });
  slack.faults.add({ method: 'views.update', error: 'hash_conflict' });

  await slack.as('ben').sets('device.platform', 'windows');
  await slack.as('ben').submits();

  await cardSays(sandbox, /their Windows device/);
  expect(lines).toEqual([]);
});

it('shows the whole plan in the details', async () => {
  const sandbox = await start();
  const { slack } = sandbox;
  await asksForAna(sandbox);

  await slack.as('cara').clicks(cardOf(sandbox), 'Details');

  const details = await slack.until(
    () => {
      const view = slack.as('cara').view();
      const text = view === undefined ? '' : slack.text(view);
      return text.includes(SERIAL) ? text : undefined;
    },
    { what: 'the details' },
  );
  expect(details).toContain('Joins the clinic team on Monday');
});
