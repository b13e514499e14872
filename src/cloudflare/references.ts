import type { AccessRule, RuleSet } from '../core/access-rules.ts';
import type { AccessList } from '../core/snapshot.ts';
import type { Account } from './client.ts';
import { readGroups, type Group } from './groups.ts';
import { readList } from './lists.ts';
import { isNotFound } from './translate-error.ts';

export interface References {
  /** Starts reading without waiting. What turns out not to be needed costs a call, a failure costs nothing. */
  readAhead(rules: readonly RuleSet[], listIds: readonly string[]): void;
  /** Undefined: there is no such list. */
  list(id: string): Promise<AccessList | undefined>;
  /** The groups that the rules name, groups within groups included, and every e-mail list named by any of these. */
  of(rules: readonly RuleSet[]): Promise<{ readonly groups: Group[]; readonly emailLists: AccessList[] }>;
}

/** Reads what rules refer to, each list and the groups once. Made anew for every snapshot: nothing outlives it. */
export function createReferences(account: Account): References {
  const lists = new Map<string, Promise<AccessList | undefined>>();
  let groups: Promise<Group[]> | undefined;

  function list(id: string): Promise<AccessList | undefined> {
    const reading = lists.get(id) ?? quietly(readListIfThere(account, id));
    lists.set(id, reading);
    return reading;
  }

  function allGroups(): Promise<Group[]> {
    groups ??= quietly(readGroups(account));
    return groups;
  }

  function readAhead(rules: readonly RuleSet[], listIds: readonly string[]): void {
    for (const id of [...listIds, ...emailListIds(rules)]) void list(id);
    if (groupIds(rules).length > 0) void allGroups();
  }

  return {
    readAhead,
    list,
    async of(rules) {
      readAhead(rules, []);
      const reached = groupIds(rules).length === 0 ? [] : reachable(rules, await allGroups());
      const ids = emailListIds([...rules, ...reached]);
      const read = await Promise.all(ids.map((id) => list(id)));
      return { groups: reached, emailLists: read.filter((one) => one !== undefined) };
    },
  };
}

/** Whoever needs the value awaits it and gets the error; until then a failure is nobody's unhandled rejection. */
function quietly<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => undefined);
  return reading;
}

/** A policy may still name a list that was deleted: then it lets nobody in by it, and everything else can be judged. */
async function readListIfThere(account: Account, id: string): Promise<AccessList | undefined> {
  try {
    return await readList(account, id);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function reachable(rules: readonly RuleSet[], all: readonly Group[]): Group[] {
  const reached = new Set<Group>();
  let frontier = rules;
  while (frontier.length > 0) {
    const ids = new Set(groupIds(frontier));
    const next = all.filter((group) => ids.has(group.id) && !reached.has(group));
    for (const group of next) reached.add(group);
    frontier = next;
  }
  return [...reached];
}

function groupIds(rules: readonly RuleSet[]): string[] {
  return everyRule(rules).flatMap((rule) => (rule.kind === 'group' ? [rule.groupId] : []));
}

function emailListIds(rules: readonly RuleSet[]): string[] {
  return [...new Set(everyRule(rules).flatMap((rule) => (rule.kind === 'email-list' ? [rule.listId] : [])))];
}

function everyRule(rules: readonly RuleSet[]): AccessRule[] {
  return rules.flatMap(({ include, exclude, require }) => [...include, ...exclude, ...require]);
}
