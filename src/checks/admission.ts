import { judgeEntry, type Bar, type Entry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { ruleContext } from '../core/snapshot.ts';
import type { Check } from './check.ts';

const LOOK = 'Look at it in the Zero Trust dashboard → Access controls → Policies.';

/** Does a policy let the address in at all? To whom none does, no code is ever sent. */
export const admission: Check = {
  id: 'admission',
  findings({ email, snapshot }) {
    if (snapshot === undefined) return [];
    const context = ruleContext(snapshot);
    const entry = judgeEntry(snapshot.policies, email, context);
    const enrolment =
      snapshot.enrolment === undefined ? undefined : judgeEntry(snapshot.enrolment.policies, email, context);
    const cantEnrol: Finding = {
      verdict: 'warning',
      says: 'No policy lets this address connect a computer with WARP. If it is WARP that asks for the code, none is sent.',
      fix: 'Use “add”: it opens both doors.',
    };
    return [
      ofDoor(entry, snapshot.app.name),
      ...entry.barring.filter((bar) => bar.by === 'block' && !bar.isSure).map(mayBar),
      ...(entry.verdict !== 'no' && enrolment?.verdict === 'no' ? [cantEnrol] : []),
    ];
  },
};

function ofDoor({ verdict, admitting, barring }: Entry, app: string): Finding {
  const [best] = admitting;
  const bars = barring.filter(({ isSure }) => isSure);
  if (verdict === 'no') return keptOut(bars, app);
  if (best === undefined) return keptOut([], app);
  if (verdict === 'yes') {
    const isOpen = best.policy.decision === 'bypass';
    const how = isOpen
      ? 'lets everybody it is meant for pass without signing in, this address too'
      : 'lets this address in';
    return { verdict: 'ok', says: `The policy “${best.policy.name}” ${how}, by ${best.because}.` };
  }
  const [block] = bars.filter(({ by }) => by === 'block');
  if (block !== undefined) {
    return {
      verdict: 'warning',
      says: `The policy “${best.policy.name}” lets this address in and the policy “${block.policy.name}” blocks it. Which of them counts depends on their order, which I can’t read.`,
      fix: LOOK,
    };
  }
  return {
    verdict: 'warning',
    says: `I can’t tell whether the policy “${best.policy.name}” lets this address in: it depends on ${best.because}.`,
    fix: LOOK,
  };
}

function keptOut([bar]: readonly Bar[], app: string): Finding {
  const page = 'The sign-in page claims to have sent a code all the same.';
  if (bar === undefined) {
    return {
      verdict: 'failure',
      says: `No policy of ${app} lets this address in. ${page}`,
      fix: 'If the person is to have access, use “add”.',
    };
  }
  return { verdict: 'failure', says: `${barredBy(bar)}. ${page}`, fix: FIXES[bar.by] };
}

function barredBy({ policy, by, because }: Bar): string {
  if (by === 'block') return `The policy “${policy.name}” blocks this address by ${because}`;
  const would = `The policy “${policy.name}” would let this address in`;
  if (by === 'exclude') return `${would}, but ${because} among its exceptions keeps it out`;
  return `${would}, but it also demands something that the address does not meet, ${because}`;
}

const FIXES: Record<Bar['by'], string> = {
  block: `Somebody made this policy on purpose. ${LOOK}`,
  exclude: 'Such an exception stands there after a lost device or a revocation. If it is over, use “add”: it lifts it.',
  require: LOOK,
};

function mayBar({ policy, because }: Bar): Finding {
  return {
    verdict: 'warning',
    says: `The policy “${policy.name}” may block this address: it depends on ${because}.`,
    fix: LOOK,
  };
}
