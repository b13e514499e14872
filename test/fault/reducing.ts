import type { TestSandbox } from '../harness/use-sandbox.ts';
import type { picture } from './account-picture.ts';

interface Revoking {
  readonly of: string;
  /** Runs before the form is sent. */
  readonly whenFilled?: () => Promise<void>;
}

/** Cara fills the form of `revoke` in, reads the plan and goes on. */
export async function revokesNow(sandbox: Pick<TestSandbox, 'slack'>, { of, whenFilled }: Revoking): Promise<void> {
  const { slack } = sandbox;
  const cara = slack.as('cara');
  await cara.types(`/ocs-access revoke ${of}`);
  await slack.until(() => cara.view()?.submit, { what: 'the form', timeoutMs: 20_000 });
  await cara.sets('reason', 'Leaves today');
  await whenFilled?.();
  await sends(sandbox);
  await slack.until(() => cara.view()?.submit, { what: 'the plan', timeoutMs: 20_000 });
  await sends(sandbox);
}

async function sends({ slack }: Pick<TestSandbox, 'slack'>): Promise<void> {
  const { errors = {} } = await slack.as('cara').submits();
  if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
}

/** Two approvers with their laptops, as the account has them from the start. */
export const CARA = { email: 'cara.lindqvist@lanternhealth.example', serial: 'PF2TW6RD' };
export const DINA = { email: 'dina.haddad@lanternhealth.example', serial: 'C02ZR4T8LVDL' };

/** What is left of somebody in the account. */
export function leftOf({ cloudflare }: Pick<TestSandbox, 'cloudflare'>, { email, serial }: typeof CARA) {
  const { account } = cloudflare;
  const { ids } = account;
  return {
    rules: [...account.emails(), ...account.emails(ids.enrolmentPolicy)].filter((one) => one === email).length,
    hasSerial: account.serials().includes(serial),
    devices: account.devicesOf(email).map(({ name }) => name),
    sessions: account.sessionsOf(email).length,
    hasSeat: account.hasSeat(email),
  };
}

export const NOTHING_LEFT = { rules: 0, hasSerial: false, devices: [], sessions: 0, hasSeat: false };

/** Everybody else as the picture shows them. */
export function othersIn({ people }: ReturnType<typeof picture>, { email }: typeof CARA) {
  return people.filter((person) => person.email !== email);
}
