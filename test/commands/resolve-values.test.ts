import { describe, expect, it } from 'vitest';
import { add } from '../../src/actions/add.ts';
import { checkValues, resolveValues } from '../../src/commands/resolve-values.ts';
import type { Member } from '../../src/core/approval.ts';
import { UserError } from '../../src/core/errors.ts';
import type { FormValues } from '../../src/core/fields.ts';
import type { Directory } from '../../src/core/ports.ts';

const ANA = { slackId: 'U05ANA00001', teamId: 'T1', name: 'Ana Souza', email: 'Ana.Souza@lantern.example' };

interface Slack {
  readonly standing?: Member['standing'];
  readonly showsAddress?: boolean;
}

function aDirectory({ standing = 'member', showsAddress = true }: Slack = {}): Directory {
  const { email, ...actor } = ANA;
  return {
    find: async () => ({
      member: { slackId: ANA.slackId, teamId: 'T1', standing },
      actor: showsAddress ? { ...actor, email } : actor,
    }),
    byEmail: async (address) =>
      address === email.toLowerCase() ? { email: address, name: ANA.name, slackId: ANA.slackId } : undefined,
    approvers: async () => new Set(),
  };
}

const FILLED: FormValues = {
  person: { slackId: ANA.slackId },
  device: { serial: 'C02XK0AZJG5J' },
  reason: 'Joins on Monday',
};

describe('who is meant', () => {
  it('is the person who was picked, with the address that Slack knows, in lower case', async () => {
    const input = await resolveValues(add, FILLED, aDirectory());
    expect(input['person']).toEqual({ email: 'ana.souza@lantern.example', name: 'Ana Souza', slackId: ANA.slackId });
  });

  it('is found in Slack by a typed address', async () => {
    const input = await resolveValues(add, { ...FILLED, person: { email: 'ana.souza@lantern.example' } }, aDirectory());
    expect(input['person']).toMatchObject({ slackId: ANA.slackId });
  });

  it('is somebody outside Slack if nobody there has the address', async () => {
    const input = await resolveValues(add, { ...FILLED, person: { email: 'sam@partner.example' } }, aDirectory());
    expect(input['person']).toEqual({ email: 'sam@partner.example' });
  });

  it('is treated like somebody outside Slack if they are a guest, whom the bot does not write to', async () => {
    const input = await resolveValues(add, FILLED, aDirectory({ standing: 'guest' }));
    expect(input['person']).not.toHaveProperty('slackId');
  });

  it('is treated like that too if the guest’s address was typed', async () => {
    const typed = { ...FILLED, person: { email: 'ana.souza@lantern.example' } };
    const input = await resolveValues(add, typed, aDirectory({ standing: 'guest' }));
    expect(input['person']).toEqual({ email: 'ana.souza@lantern.example', name: 'Ana Souza' });
  });

  it.each([
    ['a bot', { standing: 'bot' as const }, 'Ana Souza is a bot. Pick a person.'],
    [
      'somebody deactivated',
      { standing: 'deactivated' as const },
      'Ana Souza’s Slack account is deactivated. Pick somebody else.',
    ],
    [
      'somebody whose address Slack does not show',
      { showsAddress: false },
      'Slack shows no e-mail address for Ana Souza. Type their address below instead.',
    ],
  ])('is not %s', async (_who, changes, says) => {
    const refused = resolveValues(add, FILLED, aDirectory(changes));
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toMatchObject({ message: says, field: 'person.slackId' });
  });
});

describe('what is wrong at first sight', () => {
  it('is nothing in a form that is filled in', () => {
    expect(checkValues(add, FILLED)).toEqual({});
  });

  it('is told for every field at once', () => {
    expect(checkValues(add, { device: { serial: 'N/A' }, reason: 'x' })).toEqual({
      'person.slackId': expect.stringMatching(/Pick a colleague/),
      'device.serial': expect.stringMatching(/serial number/),
      reason: 'Write a few words: at least 3 characters.',
    });
  });

  it('is told only for the fields that are asked for', () => {
    expect(checkValues(add, { device: { serial: '' } }, ['device'])).toEqual({
      'device.serial': 'Type the serial number of the device.',
    });
  });

  it.each(['ana', 'ana@', '@lantern.example', 'ana@lantern', 'a b@lantern.example'])('is the address “%s”', (email) => {
    expect(checkValues(add, { ...FILLED, person: { email } })).toEqual({
      'person.email': 'That is not an e-mail address. The valid form is name@organisation.org.',
    });
  });
});
