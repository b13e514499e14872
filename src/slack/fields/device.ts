import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import type { DeviceValue } from '../../core/fields.ts';
import { PLATFORM_NAMES, Platform } from '../../core/serial.ts';
import { plain, section } from '../blocks.ts';
import { fit } from '../fit.ts';
import { isTicked, optionPickedIn, typedIn } from '../form-state.ts';
import { bold, lines } from '../rich.ts';
import type { FieldBuilder, FieldValue } from './field-builder.ts';

/** Longer than any serial, so that a pasted line with its label is taken whole and trimmed by us. */
const SERIAL_MAX = 200;

const HOW: Record<Platform, string> = {
  macos: [
    '*Find it on macOS:* open the Apple menu, choose *About This Mac* and read the line *Serial number*.',
    'Or in Terminal: `system_profiler SPHardwareDataType | grep "Serial Number"`',
  ].join('\n'),
  windows: [
    '*Find it on Windows:* open the Start menu, type *PowerShell*, press Enter, paste this line and press Enter:',
    '`(Get-CimInstance Win32_BIOS).SerialNumber`',
    'The older command `wmic bios get serialnumber` exists on older Windows only.',
  ].join('\n'),
  linux: ['*Find it on Linux:* open a terminal and run:', '`sudo dmidecode -s system-serial-number`'].join('\n'),
};

const FIRST = 'Choose above, and this place says where the serial number is found.';

const ASK_TEXT = 'Ask them in a message';

const options: PlainTextOption[] = Platform.options.map((platform) => ({
  text: plain(PLATFORM_NAMES[platform], 75),
  value: platform,
}));

const askOption: PlainTextOption = {
  text: plain(ASK_TEXT, 75),
  value: 'ask',
  description: plain('They get a short form, and the request waits for it.', 75),
};

export const deviceFieldBuilder: FieldBuilder = {
  blocks: ({ key, label, hint, isTypedHere = false }, { value, asksOwner }) => {
    const { platform, serial, ask } = deviceValue(value);
    const picked = options.find((option) => option.value === platform);
    const pick: InputBlock = {
      type: 'input',
      block_id: `${key}.platform`,
      // The line below names the way for the chosen system, so a choice has to reach us at once.
      dispatch_action: true,
      label: plain(asksOwner ? 'What does your computer run?' : 'What does their computer run?', 2000),
      optional: !asksOwner,
      element: {
        type: 'static_select',
        action_id: `${key}.platform`,
        placeholder: plain('macOS, Windows or Linux', 150),
        options,
        ...(picked === undefined ? {} : { initial_option: picked }),
      },
    };
    const type: InputBlock = {
      type: 'input',
      block_id: `${key}.serial`,
      label: plain('Its serial number', 2000),
      hint: plain(hint ?? 'Usually 7 to 14 letters and digits. Capitals don’t matter.', 2000),
      optional: !asksOwner && !isTypedHere,
      element: {
        type: 'plain_text_input',
        action_id: `${key}.serial`,
        max_length: SERIAL_MAX,
        ...(serial === undefined || fit(serial, SERIAL_MAX) === '' ? {} : { initial_value: fit(serial, SERIAL_MAX) }),
      },
    };
    const other: InputBlock = {
      type: 'input',
      block_id: `${key}.ask`,
      label: plain('…or let them type it', 2000),
      optional: true,
      element: {
        type: 'checkboxes',
        action_id: `${key}.ask`,
        options: [askOption],
        ...(ask === true ? { initial_options: [askOption] } : {}),
      },
    };
    const how = section(platform === undefined ? FIRST : HOW[platform]);
    const device: KnownBlock[] = [pick, { ...how, block_id: `${key}.how` }, type];
    if (asksOwner) return device;
    return [headingOf(key, label, isTypedHere), ...device, ...(isTypedHere ? [] : [other])];
  },
  read: (state, key) => {
    const platform = Platform.safeParse(optionPickedIn(state, `${key}.platform`));
    const serial = typedIn(state, `${key}.serial`);
    const ask = isTicked(state, `${key}.ask`);
    if (!platform.success && serial === undefined && !ask) return undefined;
    return {
      ...(platform.success ? { platform: platform.data } : {}),
      ...(serial === undefined ? {} : { serial }),
      ...(ask ? { ask } : {}),
    };
  },
  blockOf: (key, part) => `${key}.${part === 'platform' || part === 'ask' ? part : 'serial'}`,
};

function headingOf(key: string, label: string, isTypedHere: boolean): KnownBlock {
  const how = isTypedHere ? [] : [['Type its serial number, or let them type it.']];
  return { ...lines([bold(label)], ...how), block_id: `${key}.heading` };
}

function deviceValue(value: FieldValue): DeviceValue {
  if (typeof value !== 'object') return {};
  return {
    ...('platform' in value && value.platform !== undefined ? { platform: value.platform } : {}),
    ...('serial' in value && value.serial !== undefined ? { serial: value.serial } : {}),
    ...('ask' in value && value.ask ? { ask: true } : {}),
  };
}
