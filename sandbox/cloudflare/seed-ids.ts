import { hexFor, uuidFor } from './state.ts';

export const teamName = 'lantern-health';
export const mailDomain = 'lanternhealth.example';
export const accountId = hexFor('account lantern health');

/** Ids of the seeded things; the same on every start. */
export const ids = {
  app: uuidFor('app open chat studio'),
  secondApp: uuidFor('app wiki'),
  enrolmentApp: uuidFor('app warp'),
  policy: uuidFor('policy team access'),
  secondPolicy: uuidFor('policy wiki'),
  enrolmentPolicy: uuidFor('policy enrolment'),
  bypassPolicy: uuidFor('policy bypass'),
  group: uuidFor('group administrators'),
  innerGroup: uuidFor('group inner'),
  outerGroup: uuidFor('group outer'),
  serialList: uuidFor('list serials'),
  emailList: uuidFor('list emails'),
  otherList: uuidFor('list domains'),
  postureRule: uuidFor('posture serial'),
  tunnel: uuidFor('tunnel'),
  secondTunnel: uuidFor('tunnel second'),
  deletedTunnel: uuidFor('tunnel deleted'),
  virtualNetwork: uuidFor('virtual network default'),
  gatewayRule: uuidFor('gateway rule'),
  otpProvider: uuidFor('idp otp'),
  googleProvider: uuidFor('idp google'),
} as const;
