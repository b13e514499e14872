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
  /** Modals: `callback_id`. */
  formSubmit: 'form-submit',
  inviteSubmit: 'invite-submit',
  denySubmit: 'deny-submit',
  /** `block_id` and `action_id` of the reason in the modal that denies. */
  denyReason: 'deny-reason',
  /** Modals that only show something, so that nothing is ever submitted. */
  showOnly: 'show-only',
} as const;

/** `action_id` of the button that opens the form of an action: `open:add`. */
export function openAction(actionId: string): string {
  return `open:${actionId}`;
}

/** For listeners: matches every `openAction`; the first group is the action's id. */
export const OPEN_ACTION = /^open:(.+)$/;

/** For listeners: the picker of the operating system, whatever the field is called: `device.platform`. */
export const PLATFORM_PICKED = /^[^.]+\.platform$/;
