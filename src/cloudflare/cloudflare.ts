import type { Cloudflare } from '../core/ports.ts';
import { readAccessEvents } from './access-events.ts';
import { readAccessRows } from './access-log.ts';
import { readAppTunnels, readUsedTunnels } from './app-tunnels.ts';
import { readApplications } from './applications.ts';
import type { Account } from './client.ts';
import { readConnectors } from './connectors.ts';
import type { Deciders } from './discover.ts';
import { findDevices } from './find-devices.ts';
import { addToList, readList, removeFromList } from './lists.ts';
import { createExport, deleteExport, switchExport } from './logpush.ts';
import { challengeOwnership, provesOwnership, reachesDestination } from './logpush-destination.ts';
import { readExportFields, readExportJobs } from './logpush-jobs.ts';
import { readLoginDetails } from './login-details.ts';
import { readNetworkRows } from './network-rows.ts';
import { deleteDevice } from './physical-devices.ts';
import { readPolicy, writePolicy } from './policies.ts';
import { deleteRegistrations } from './registrations.ts';
import { readSessionLengths } from './sessions.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { checkToken } from './token.ts';
import { readTunnels } from './tunnels.ts';
import { countSessions, freeSeats, readUsers, revokeSessions } from './users.ts';
import { writeSessionLength } from './write-session.ts';

export interface CloudflareDependencies extends Account {
  readonly deciders: Deciders;
}

/** The Cloudflare account through the official client. Nothing is cached, logged or tried again. */
export function createCloudflare({ client, accountId, clock, deciders }: CloudflareDependencies): Cloudflare {
  const account: Account = { client, accountId, clock };
  return {
    snapshot: (scope) => takeSnapshot(account, deciders, scope),
    readList: (id) => readList(account, id),
    addToList: (id, items) => addToList(account, id, items),
    removeFromList: (id, values) => removeFromList(account, id, values),
    readPolicy: (ref) => readPolicy(account, ref),
    writePolicy: (file, edit) => writePolicy(account, file, edit),
    devices: (query) => findDevices(account, query),
    users: (query) => readUsers(account, query),
    sessions: (userId) => countSessions(account, userId),
    revokeSessions: (email, options) => revokeSessions(account, email, options),
    deleteDevice: (id) => deleteDevice(account, id),
    deleteRegistrations: (ids) => deleteRegistrations(account, ids),
    freeSeats: (seatUids) => freeSeats(account, seatUids),
    accessEvents: (query) => readAccessEvents(account, query),
    accessRows: (query) => readAccessRows(account, query),
    loginDetails: (query) => readLoginDetails(account, query),
    networkRows: (query) => readNetworkRows(account, query),
    checkToken: () => checkToken(account),
    tunnels: () => readTunnels(account),
    connectors: (tunnelId) => readConnectors(account, tunnelId),
    usedTunnels: async () => (await readUsedTunnels(account, deciders, readApplications(account))).tunnels,
    appTunnels: () => readAppTunnels(account, deciders, readApplications(account)),
    sessionLengths: () => readSessionLengths(account, deciders),
    writeSessionLength: (write) => writeSessionLength(account, write),
    exportJobs: () => readExportJobs(account),
    exportFields: (dataset) => readExportFields(account, dataset),
    reachesDestination: (conf) => reachesDestination(account, conf),
    challengeOwnership: (conf) => challengeOwnership(account, conf),
    provesOwnership: (conf, token) => provesOwnership(account, conf, token),
    createExport: (job) => createExport(account, job),
    switchExport: (id, isOn) => switchExport(account, id, isOn),
    deleteExport: (id) => deleteExport(account, id),
  };
}
