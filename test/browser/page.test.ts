import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { BEN, letIn } from '../flow/leaving-driver.ts';
import { chromiumPath, usePage, type Visit } from './use-page.ts';

const SERIAL = 'C02XK0AZJG5J';
const ANA = 'ana.souza@lanternhealth.example';

if (chromiumPath === undefined) {
  process.stderr.write('\n SKIPPED: the tests of the page need Chromium. Install it, or set CHROMIUM to its path.\n\n');
}

it.runIf(process.env['CI'])('has a Chromium to run in, on machines that must not skip', () => {
  expect(chromiumPath).toBeDefined();
});

describe.skipIf(chromiumPath === undefined)('on the page', () => {
  const open = usePage();

  it('a colleague is let in: asked, approved, told, and all of it seen', async () => {
    const visit = await open();
    const { page, sandbox } = visit;

    await visit.types('/ocs-access add @ana');
    await dialog(page).getByLabel('Its serial number').fill(SERIAL);
    await dialog(page).getByLabel('Why?').fill('Joins the field team');
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('is on its way').waitFor();
    await closeDialog(page);
    await visit.becomes('Cara');
    await page.getByRole('button', { name: 'Approve REQ-0001' }).click();
    await page.getByRole('heading', { name: /REQ-0001 is done/ }).waitFor();

    expect(sandbox.cloudflare.account.serials()).toContain(SERIAL);
    const account = page.getByRole('region', { name: 'Cloudflare account' });
    await account.getByText(`gets in soonAna Souza with ${SERIAL}`).waitFor();
    expect(await account.locator('.new .value').allTextContents()).toEqual([SERIAL, ANA, ANA]);

    await visit.becomes('Ana');
    await visit.goesTo('ocs-access');
    await page.getByRole('heading', { name: /You have access to Open Chat Studio/ }).waitFor();
    await page.getByRole('button', { name: 'I’m in' }).click();
    await visit.becomes('Ben');
    await page.getByText('@Ana Souza is in.').waitFor();
  });

  it('a wrong serial number is refused at its field, and what was typed stays', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    await visit.types('/ocs-access add @ana');
    const serial = dialog(page).getByLabel('Its serial number');
    await serial.fill('To be filled by O.E.M.');
    await dialog(page).getByLabel('Why?').fill('Joins the field team');

    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();

    await dialog(page).getByText('thousands of devices share it').waitFor();
    expect(await serial.getAttribute('aria-invalid')).toBe('true');
    const described = await serial.getAttribute('aria-describedby');
    const error = await page.locator(`[id="${described?.split(' ')[0]}"]`).textContent();
    expect(error).toContain('what a computer says when its maker left the serial number out');
    expect(await serial.inputValue()).toBe('To be filled by O.E.M.');
    expect(await dialog(page).getByLabel('Why?').inputValue()).toBe('Joins the field team');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
    expect(sandbox.slack.messages('ocs-approvals')).toEqual([]);
  });

  it('the form says where to find the serial number once the system is chosen, and keeps what was typed', async () => {
    const visit = await open();
    const { page } = visit;
    await visit.types('/ocs-access add');
    await dialog(page).getByLabel('Why?').fill('Half a rea');

    await dialog(page)
      .getByLabel(/What does their computer run/)
      .selectOption({ label: 'Windows' });

    await dialog(page).getByText('(Get-CimInstance Win32_BIOS).SerialNumber').waitFor();
    expect(await dialog(page).getByLabel('Why?').inputValue()).toBe('Half a rea');
  });

  it('an approver denies with a reason, and whoever asked reads it', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    await askForAna(visit);

    await visit.becomes('Dina');
    await page.getByRole('button', { name: 'Deny REQ-0001' }).click();
    await dialog(page).getByLabel('Why do you deny it?').fill('Not before the contract is signed');
    await dialog(page).getByRole('button', { name: 'Deny', exact: true }).click();

    await page.getByRole('heading', { name: /REQ-0001 was denied by Dina Haddad/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve REQ-0001' }).count()).toBe(0);
    await visit.becomes('Ben');
    await visit.goesTo('ocs-access');
    await page.getByText('Not before the contract is signed').first().waitFor();
    expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
  });

  it('shows what only one person may see to that person alone', async () => {
    const visit = await open();
    const { page } = visit;
    await visit.types('/ocs-access help');
    await page.getByText('Only visible to you').waitFor();
    expect(await page.getByRole('heading', { name: 'What you can do here' }).count()).toBe(1);

    await visit.becomes('Cara');
    await page.getByText('Nothing here yet').waitFor();
    expect(await page.getByText('Only visible to you').count()).toBe(0);

    await visit.becomes('Ben');
    await page.getByText('Only visible to you').waitFor();
  });

  it('lets one turn to somebody else while a modal is open, and come back to it', async () => {
    const visit = await open();
    const { page } = visit;
    await askForAna(visit);
    await visit.becomes('Cara');
    await page.getByRole('button', { name: 'Deny REQ-0001' }).click();
    await dialog(page).getByLabel('Why do you deny it?').fill('I did not see');

    await visit.becomes('Dina');
    await page.getByRole('button', { name: 'Approve REQ-0001' }).click();
    await page.getByRole('heading', { name: /REQ-0001 is done/ }).waitFor();
    await visit.becomes('Cara');
    expect(await dialog(page).getByLabel('Why do you deny it?').inputValue()).toBe('I did not see');
    await dialog(page).getByRole('button', { name: 'Deny', exact: true }).click();

    await dialog(page).getByRole('heading', { name: 'That did not work' }).waitFor();
  });

  it('asks before it withdraws, and does nothing when told not to', async () => {
    const visit = await open();
    const { page } = visit;
    await askForAna(visit);
    await visit.goesTo('ocs-access');

    await page.getByRole('button', { name: 'Withdraw REQ-0001' }).click();
    await page.getByRole('dialog', { name: 'Withdraw REQ-0001?' }).getByRole('button', { name: 'Keep it' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Withdraw REQ-0001' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();

    await page.getByRole('heading', { name: /REQ-0001 was withdrawn by Ben Okafor/ }).waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const visit = await open();
    const { page } = visit;
    await page.getByLabel(/^Message or command/).focus();
    await page.keyboard.type('/ocs-access add @ana');
    await page.keyboard.press('Enter');
    await dialog(page).getByLabel('Its serial number').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT');

    await page.keyboard.press('Escape');

    await dialog(page).waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.id === "line"');
  });

  it('shows markup that somebody typed as text', async () => {
    const visit = await open();
    const { page } = visit;
    const reason = '<img src=x onerror="globalThis.hacked = 1"> <script>globalThis.hacked = 1</script> <!channel> *b*';

    await askForAna(visit, reason);

    await page.getByText(reason).waitFor();
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.locator('.log img, .log script').count()).toBe(0);
  });

  it('changes without a reload when the account changes behind the bot’s back', async () => {
    const { page, sandbox } = await open();
    await page.getByText('15 in the list “Lantern laptops”').waitFor();

    sandbox.cloudflare.account.addListItem(
      sandbox.cloudflare.account.ids.serialList,
      'BYHAND123',
      'From the dashboard',
    );

    await page.getByText('16 in the list “Lantern laptops”').waitFor();
    await page.getByText('BYHAND123').waitFor();
  });

  it('fits a phone: nothing sticks out sideways', async () => {
    const visit = await open({ width: 390 });
    const { page } = visit;
    await visit.types('/ocs-access help');
    await page.getByText('Only visible to you').waitFor();
    expect(await sideways(page)).toBe(0);

    await visit.types('/ocs-access add @ana');
    await dialog(page).getByLabel('Why?').fill('W'.repeat(300));
    await dialog(page).getByLabel('Its serial number').fill('To be filled by O.E.M.');
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('thousands of devices').waitFor();
    expect(await sideways(page)).toBe(0);
    await dialog(page).getByLabel('Its serial number').fill(SERIAL);
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('is on its way').waitFor();
    await closeDialog(page);

    await page.getByRole('heading', { name: /REQ-0001 is waiting/ }).waitFor();
    expect(await sideways(page)).toBe(0);
  });

  it('one reports a lost laptop by the shortcut, picks it by typing, and the security channel follows', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    letIn(sandbox, BEN);

    await page.getByRole('button', { name: 'Report a lost device' }).click();
    const device = dialog(page).getByRole('combobox', { name: /device/i });
    await device.fill('7b');
    await page.getByRole('option', { name: /ben\.okafor-laptop/ }).click();
    expect(await device.inputValue()).toBe('ben.okafor-laptop · macOS · …7BEN');
    await dialog(page).getByRole('button', { name: 'Cut it off now' }).click();
    await dialog(page)
      .getByText(/REQ-0001/)
      .first()
      .waitFor();
    await closeDialog(page);

    await visit.goesTo('ocs-security');
    await page.getByRole('heading', { name: /Ben Okafor’s Mac.* was reported lost/ }).waitFor();
    await page.getByText(/REQ-0001 is done/).waitFor();
    expect(sandbox.cloudflare.account.serials()).not.toContain(BEN.serial);
  });

  it('an approver finds a leaver by typing, with the keyboard alone, reads the plan and confirms', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    letIn(sandbox, BEN);
    await visit.becomes('Cara');

    await visit.types('/ocs-access revoke');
    const person = dialog(page).getByRole('combobox').first();
    await person.waitFor();
    await person.focus();
    await page.keyboard.type('okaf');
    await page.getByRole('option', { name: /ben\.okafor@/ }).waitFor();
    for (const key of ['ArrowDown', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    expect(await person.inputValue()).toContain('ben.okafor@lanternhealth.example');
    await dialog(page).getByLabel('Why?').fill('Leaves today');
    await dialog(page).getByRole('button', { name: 'Next' }).click();
    await dialog(page).getByText('What will be done').waitFor();
    expect(sandbox.cloudflare.account.hasSession(BEN.email)).toBe(true);
    await dialog(page).getByRole('button', { name: 'Revoke now' }).click();

    await visit.goesTo('ocs-approvals');
    await page.getByRole('heading', { name: /✅ REQ-0001/ }).waitFor();
    expect(sandbox.cloudflare.account.waysIn(BEN.email)).toEqual([]);
  });

  it('an approver decides on the Home tab, and each button is about its own request', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    await askForAna(visit);
    await visit.types('/ocs-access add sam@partner.example C02ZZ0AZJG9Z joins as a partner');
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('is on its way').waitFor();
    await closeDialog(page);

    await visit.becomes('Cara');
    await visit.goesTo('Home');
    await page.getByText(/^REQ-0002: Give sam@partner/).waitFor();
    await page.getByRole('button', { name: 'Approve REQ-0002' }).click();

    await page.getByText(/^REQ-0002: /).waitFor({ state: 'detached' });
    expect(sandbox.cloudflare.account.serials()).toContain('C02ZZ0AZJG9Z');
    expect(sandbox.cloudflare.account.serials()).not.toContain(SERIAL);
    expect(await page.getByRole('button', { name: 'Approve REQ-0001' }).count()).toBe(1);

    await visit.becomes('Ben');
    await page.getByRole('button', { name: 'Withdraw REQ-0001' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('None. What you ask for shows up here until it is done.').waitFor();
  });

  it('the red button on the Home tab opens the form for a lost device', async () => {
    const visit = await open();
    const { page } = visit;
    await visit.goesTo('Home');
    await page.getByRole('button', { name: 'Report a lost device' }).click();
    await dialog(page).getByRole('button', { name: 'Cut it off now' }).waitFor();
  });

  it('several people are added from a file', async () => {
    const visit = await open();
    const { page, sandbox } = visit;
    await visit.types('/ocs-access add');
    await dialog(page).getByText('Paste a list').click();
    const file = dialog(page).locator('input[type=file]');
    await file.waitFor();
    await file.setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('email,serial\nsam@partner.example,C02ZZ0AZJG9Z\nnils@partner.example,C02ZZ0AZJG8Y\n'),
    });
    await dialog(page).getByText('people.csv').waitFor();
    const lastDay = new Date(sandbox.clock.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await dialog(page).getByLabel('Last day').fill(lastDay);
    await dialog(page).getByLabel('Why?').fill('Two new partners');
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('is on its way').waitFor();
    await closeDialog(page);
    const spelled = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(lastDay));
    await page.getByText(`Let the access of nils@partner.example end on ${spelled}`).waitFor();
    await page.getByText(/Put 2 serials into the list “Lantern laptops”/).waitFor();
  });

  it('Cara makes the app session longer, and raises the WARP session with it by the button that is offered', async () => {
    const visit = await open({ cloudflare: { warpSession: '12h' } });
    const { page, sandbox } = visit;
    await visit.becomes('Cara');
    await visit.types('/ocs-access session');
    await dialog(page).getByText('WARP sign-in session: 12 h').waitFor();
    await dialog(page).getByLabel('App session').fill('24h');
    await dialog(page).getByLabel('Why?').fill('The on-call team works in long shifts');
    await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
    await dialog(page).getByText('the WARP sign-in session (now 12 h) must be at least 24 h too').waitFor();
    expect(await dialog(page).getByLabel('App session').inputValue()).toBe('24h');

    await dialog(page).getByRole('button', { name: 'Raise both to 24 h' }).click();
    await dialog(page).getByText('is on its way').waitFor();
    await closeDialog(page);
    const account = page.getByRole('region', { name: 'Cloudflare account' });
    expect(await lengths(account)).toEqual(['8 h', '12 h', '24 h']);
    await visit.becomes('Dina');
    await page.getByRole('button', { name: 'Approve REQ-0001' }).click();

    await page.getByRole('heading', { name: /REQ-0001 is done/ }).waitFor();
    await expect.poll(() => lengths(account)).toEqual(['24 h', '24 h', '24 h']);
    expect(sandbox.cloudflare.account.sessionHistory()).toHaveLength(3);
    await visit.becomes('Cara');
    await visit.goesTo('ocs-access');
    await page.getByText('People are asked for a code less often').waitFor();
  });

  it('cloudflared stops, an alert says so, Cara restarts it from there, and the same message says that it is well', async () => {
    const visit = await open({
      docker: { comesBackAfterMs: 200 },
      env: { TUNNEL_POLL_SECONDS: '10' },
      rounds: ['sweep', 'tunnels'],
    });
    const { page, sandbox } = visit;
    const account = page.getByRole('region', { name: 'Cloudflare account' });
    await visit.becomes('Cara');
    await visit.goesTo('ocs-ops');
    await account.getByRole('button', { name: 'Stop cloudflared' }).click();
    await account.getByText('lantern-ocs is down').waitFor();
    await account.getByText('The container cloudflared has stopped').waitFor();
    const looks = sandbox.cloudflare.calls.filter(isLookAtTunnels).length;
    await expect
      .poll(() => sandbox.cloudflare.calls.filter(isLookAtTunnels).length, { timeout: 15_000 })
      .toBeGreaterThan(looks);
    sandbox.clock.forward(61_000);

    await page.getByRole('heading', { name: /The tunnel lantern-ocs is down/ }).waitFor();
    await page.getByRole('button', { name: 'Restart the tunnel' }).click();
    await dialog(page).getByText('Nothing has been done yet').waitFor();
    expect(sandbox.docker.restarts).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Restart now' }).click();
    await closeDialog(page);

    await account.getByText('lantern-ocs is healthy').waitFor();
    await account.getByText('Restart the container “cloudflared”').waitFor();
    await page.getByRole('heading', { name: /The tunnel lantern-ocs is well again/ }).waitFor();
    expect(await page.locator('.log > article').count()).toBe(1);
    expect(sandbox.docker.restarts).toHaveLength(1);
    await visit.goesTo('ocs-access');
    await page.getByText(/lantern-ocs is healthy again/).waitFor();
  });

  it('the log of cloudflared stands there as it was written, and for approvers alone', async () => {
    const visit = await open({ width: 430 });
    const { page } = visit;
    await visit.types('/ocs-access tunnel');
    await page.getByText('Approvers see the last lines of the log here.').waitFor();
    expect(await page.locator('.log pre').count()).toBe(0);

    await visit.becomes('Cara');
    await visit.types('/ocs-access tunnel');
    const log = page.locator('.log pre');
    await log.waitFor();
    expect(await log.innerText()).toMatch(/INF Settings: map\[no-autoupdate:true token:•••\]\n/);
    expect(await sideways(page)).toBe(0);
  });

  it('lets one make the tunnel fail in other ways, and says what it is like', async () => {
    const { page } = await open();
    const account = page.getByRole('region', { name: 'Cloudflare account' });
    await account.getByText('cloudflared 2026.3.0, 4 connections').waitFor();
    expect(await account.getByRole('button', { name: 'Start cloudflared' }).isDisabled()).toBe(true);

    await account.getByRole('button', { name: 'Lose two connections' }).click();
    await account.getByText('lantern-ocs is degraded').waitFor();
    await account.getByText('cloudflared 2026.3.0, 2 connections (fra08, ams01)').waitFor();

    const never = account.getByRole('button', { name: 'It never comes back' });
    await never.click();
    await account.getByRole('button', { name: 'It never comes back', pressed: true }).waitFor();
    await never.click();
    await account.getByRole('button', { name: 'It never comes back', pressed: false }).waitFor();

    await account.getByRole('button', { name: 'Delete the tunnel' }).click();
    await account.getByText('lantern-ocs was deleted').waitFor();
    expect(await account.getByRole('button', { name: 'Lose two connections' }).isDisabled()).toBe(true);
  });

  it('fits a phone with its Home tab, and with what a field suggests', async () => {
    const visit = await open({ width: 430 });
    const { page, sandbox } = visit;
    letIn(sandbox, BEN);
    await visit.becomes('Cara');
    await visit.goesTo('Home');
    await page.getByRole('heading', { name: 'The tunnel to Open Chat Studio' }).waitFor();
    expect(await sideways(page)).toBe(0);

    await page.getByRole('button', { name: 'Report a lost device' }).click();
    await dialog(page).getByRole('combobox').fill('laptop');
    await page.getByRole('option', { name: /ben\.okafor-laptop/ }).waitFor();
    expect(await sideways(page)).toBe(0);
    const [list, window] = await Promise.all([page.getByRole('listbox').boundingBox(), dialog(page).boundingBox()]);
    expect(list?.width).toBeLessThan(window?.width ?? 0);
  });

  it('moves a table sideways on a phone rather than squeezing it, and nothing else', async () => {
    const visit = await open({ width: 430 });
    const { page, sandbox } = visit;
    letIn(sandbox, BEN);
    sandbox.cloudflare.account.login(BEN.email, BEN.serial);
    await visit.becomes('Cara');
    await visit.types('/ocs-access logs access');

    const allowed = page.getByRole('cell', { name: 'Allowed', exact: true }).first();
    await allowed.waitFor();
    expect((await allowed.boundingBox())?.width).toBeGreaterThan(120);
    expect(await sideways(page)).toBe(0);
    const table = page.getByRole('region', { name: 'Access log, newest first' });
    expect(await table.evaluate((node) => node.scrollWidth > node.clientWidth)).toBe(true);
  });
});

/** Of the session: of the app, of the sign-in by WARP, of the network. */
async function lengths(account: Locator): Promise<string[]> {
  return account.locator('.sessions dd').allTextContents();
}

function isLookAtTunnels({ path, status }: { readonly path: string; readonly status: number }): boolean {
  return path.endsWith('/cfd_tunnel') && status === 200;
}

function dialog(page: Page) {
  return page.getByRole('dialog');
}

async function closeDialog(page: Page): Promise<void> {
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

async function askForAna({ page, types }: Visit, reason = 'Joins the field team'): Promise<void> {
  await types('/ocs-access add @ana');
  await dialog(page).getByLabel('Its serial number').fill(SERIAL);
  await dialog(page).getByLabel('Why?').fill(reason);
  await dialog(page).getByRole('button', { name: 'Ask for approval' }).click();
  await dialog(page).getByText('is on its way').waitFor();
  await closeDialog(page);
  await page.getByRole('heading', { name: /REQ-0001 is waiting for approval/ }).waitFor();
}

/** Pixels by which the page is wider than the window. */
async function sideways(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
