import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  type WebAPICallResult,
} from '@slack/web-api';
import { PermanentError, TransientError } from '../core/errors.ts';

/** Runs a call to Slack; whatever Slack's SDK throws comes out as one of ours. Anything else passes: it is our bug. */
export async function asOurs<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw translateSlackError(error);
  }
}

/** Slack's own word for what went wrong (`channel_not_found`), if it gave one. */
export function slackCode(error: unknown): string | undefined {
  const cause = error instanceof TransientError || error instanceof PermanentError ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : undefined;
}

/** The error as one of ours, with Slack's in `cause`; what is not from Slack's SDK comes back as it is. */
export function translateSlackError(error: unknown): unknown {
  if (error instanceof WebAPIRateLimitedError) return busy(error, error.retryAfter);
  if (error instanceof WebAPIRequestError) {
    return new TransientError('Slack can’t be reached from here.', { code: 'slack-unreachable', cause: error });
  }
  if (error instanceof WebAPIHTTPError) return translateStatus(error);
  if (error instanceof WebAPIPlatformError) return translateRefusal(error);
  return error;
}

function busy(cause: Error, retryAfterSeconds: number | undefined): TransientError {
  const retryAfterMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
  return new TransientError('Slack asks us to slow down.', { code: 'slack-rate-limited', cause, retryAfterMs });
}

function translateStatus(error: WebAPIHTTPError): TransientError | PermanentError {
  const { statusCode } = error;
  if (statusCode >= 500 || statusCode === 408 || statusCode === 429) {
    return new TransientError(`Slack has a problem of its own (HTTP ${statusCode}).`, {
      code: 'slack-down',
      cause: error,
    });
  }
  return new PermanentError(
    `Something between us and Slack refuses our calls (HTTP ${statusCode}). Check SLACK_API_URL and the proxy.`,
    { code: 'slack-http-refused', cause: error },
  );
}

const TRANSIENT = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

const TOKEN = 'Put a valid bot token (xoxb-…) into SLACK_BOT_TOKEN: Slack app settings > OAuth & Permissions.';

/** What the operator has to do, by Slack's word for the refusal. */
const ADVICE: Record<string, string> = {
  channel_not_found:
    'Slack knows no such channel, or it is private and the bot is not in it. Check the channel’s id in the configuration and type /invite @ocs-access in the channel.',
  not_in_channel: 'The bot is not in the channel. Type /invite @ocs-access in it.',
  is_archived: 'The channel is archived. Unarchive it, or put another one into the configuration.',
  restricted_action:
    'A workspace setting keeps the bot from posting in the channel. Allow it under the channel’s posting permissions.',
  restricted_action_read_only_channel:
    'The channel is read-only for the bot. Allow it under the channel’s posting permissions.',
  user_not_found: 'Slack knows no such person.',
  users_not_found: 'Slack knows no such person.',
  user_not_visible: 'The bot is not allowed to see this person in Slack.',
  user_disabled: 'This person’s Slack account is deactivated, so they can’t be written to.',
  cannot_dm_bot: 'This is a bot, and bots can’t be written to.',
  messages_tab_disabled:
    'The app has no messages tab, so it can’t write to people. Switch it on: Slack app settings > App Home.',
  invalid_auth: `Slack does not accept our token. ${TOKEN}`,
  not_authed: `We sent Slack no token. ${TOKEN}`,
  account_inactive: `The app was removed from the workspace, or its token belongs to a deactivated account. Install it again. ${TOKEN}`,
  token_revoked: `Our token was revoked. Install the app again. ${TOKEN}`,
  token_expired: `Our token has expired. ${TOKEN}`,
  not_allowed_token_type: `Slack wants another kind of token here. ${TOKEN}`,
  team_access_not_granted: 'The app is not installed in this workspace. Install it there.',
  ekm_access_denied: 'An administrator of the workspace has switched off access for apps.',
  access_denied: 'An administrator of the workspace has switched off access for this app.',
  org_login_required: 'The workspace is being moved into an organisation. Wait until that is done.',
  no_such_subteam: 'Slack knows no such user group. Check APPROVERS.',
  subteam_max_users_exceeded: 'The user group is too large. Choose a smaller one for APPROVERS.',
  missing_scope: 'The app lacks a permission.',
};

function translateRefusal(error: WebAPIPlatformError): TransientError | PermanentError {
  const { error: code } = error.data;
  if (code === 'ratelimited' || code === 'rate_limited') return busy(error, error.data.response_metadata?.retryAfter);
  if (TRANSIENT.has(code)) {
    return new TransientError(`Slack has a problem of its own (${code}).`, { code: 'slack-down', cause: error });
  }
  const advice = code === 'missing_scope' ? missingScope(error.data) : ADVICE[code];
  return new PermanentError(advice ?? `Slack refuses what we asked of it (${code}).`, {
    code: `slack-${code.replaceAll('_', '-')}`,
    cause: error,
  });
}

function missingScope(data: WebAPICallResult & { readonly needed?: unknown }): string {
  const needed = typeof data.needed === 'string' ? ` “${data.needed}”` : '';
  return `The app lacks the permission${needed} in Slack. Create the app’s settings anew from manifest.yml and install it again.`;
}
