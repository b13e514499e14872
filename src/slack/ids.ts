/**
 * Every id that Slack sends back to us. A button carries nothing but the ticket of its request: what a press does is
 * looked up and judged anew.
 */
export const ids = {
  /** Buttons on the card in the approvals channel; value: `ticketOf(request)`. */
  approve: 'approve',
  deny: 'deny',
  details: 'details',
  /** Button in the requester's DM; value: the ticket. */
  withdraw: 'withdraw',
  /** Buttons under the welcome; value: the ticket. */
  welcomeIn: 'welcome-in',
  welcomeStuck: 'welcome-stuck',
  /** Button in the DM that asks a colleague for their device; opens the form. Value: the ticket. */
  inviteOpen: 'invite-open',
  /** Button below a field of a form that was refused: sends it again with what would be taken. Value: the draft. */
  offer: 'offer',
  /** Buttons below a page of a log; value: the key under which the page is kept. */
  logsNewer: 'logs-newer',
  logsOlder: 'logs-older',
  logsCsv: 'logs-csv',
  logsNdjson: 'logs-ndjson',
  /** Buttons below an export of logs; value: Cloudflare’s number of it. */
  exportPause: 'export-pause',
  exportResume: 'export-resume',
  exportDelete: 'export-delete',
  /** Modals: `callback_id`. */
  formSubmit: 'form-submit',
  inviteSubmit: 'invite-submit',
  denySubmit: 'deny-submit',
  confirmSubmit: 'confirm-submit',
  /** `block_id` and `action_id` of the reason in the modal that denies. */
  denyReason: 'deny-reason',
  /** Modals that only show something, so that nothing is ever submitted. */
  showOnly: 'show-only',
  /** The global shortcut that opens the form of a lost device: it has no channel and no answer URL. */
  lostShortcut: 'lost_device_global',
} as const;

/** `action_id` of the button that opens the form of an action: `open:add`. */
export function openAction(actionId: string): string {
  return `open:${actionId}`;
}

/** Value of a button that opens a form about whoever presses it. */
export const FOR_ONESELF = 'me';

/** For listeners: matches every `openAction`; the first group is the action's id. */
export const OPEN_ACTION = /^open:(.+)$/;

/** `action_id` of the button in a form that turns it into the form of another action: `switch:add-many`. */
export function switchForm(actionId: string): string {
  return `switch:${actionId}`;
}

/** For listeners: matches every `switchForm`; the first group is the id of the other action. */
export const SWITCH_FORM = /^switch:(.+)$/;

/** For listeners: the pickers whose options Slack asks us for; the first group is the key of the field. */
export const SUGGESTED = /^([^.]+)\.pick$/;

/** For listeners: the picker of the operating system, whatever the field is called: `device.platform`. */
export const PLATFORM_PICKED = /^[^.]+\.platform$/;
