import type { Dataset } from './analytics-dataset.ts';
import type { AccessLogRow } from './people.ts';

const day = 86_400_000;

/**
 * The logins. There is no e-mail address among the dimensions: a person is a user id here. How far back and how wide a
 * query may be is what one public report measured.
 */
export const loginDataset: Dataset<AccessLogRow> = {
  name: 'accessLoginRequestsAdaptiveGroups',
  at: ({ at }) => at,
  dimensions: new Map<string, (row: AccessLogRow) => string | number>([
    ['isSuccessfulLogin', ({ allowed }) => Number(allowed)],
    ['hasWarpEnabled', ({ registrationId }) => Number(registrationId !== '')],
    ['hasGatewayEnabled', ({ registrationId }) => Number(registrationId !== '')],
    ['hasExistingJWT', () => 0],
    ['approvingPolicyId', ({ policyId }) => policyId],
    ['appId', ({ appId }) => appId],
    ['cfRayId', ({ rayId }) => rayId],
    ['ipAddress', ({ ip }) => ip],
    ['userUuid', ({ userId }) => userId],
    ['identityProvider', () => 'onetimepin'],
    ['country', ({ country }) => country],
    ['deviceId', ({ registrationId }) => registrationId],
    ['mtlsStatus', () => ''],
    ['mtlsCertSerialId', () => ''],
    ['mtlsCommonName', () => ''],
    ['serviceTokenId', () => ''],
  ]),
  sums: new Map(),
  notOlderThan: 90 * day,
  maxDuration: 7 * day,
};
