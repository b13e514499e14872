import { judgeEntry, type Bar, type Entry } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { ruleContext } from '../core/snapshot.ts';
import type { Check, SignInFacts } from './check.ts';

type Reader = Pick<SignInFacts, 'email' | 'isForApprover'>;

/** Does a policy let the address in at all? To whom none does, no code is ever sent. */
export const admission: Check = {
  id: 'admission',
  findings({ email, snapshot, isForApprover }) {
    if (snapshot === undefined) return [];
    const reader = { email, isForApprover };
    const context = ruleContext(snapshot);
    const entry = judgeEntry(snapshot.policies, email, context);
    const enrolment =
      snapshot.enrolment === undefined ? undefined : judgeEntry(snapshot.enrolment.policies, email, context);
    const cantEnrol: Finding = {
      verdict: 'warning',
      says: 'No policy lets this address connect a computer with WARP, so WARP sends it no code.',
      fix: 'Use “add”: it opens WARP too.',
    };
    return [
      ofDoor(entry, snapshot.app.name, reader),
      ...entry.barring.filter((bar) => bar.by === 'block' && !bar.isSure).map((bar) => mayBar(bar, reader)),
      ...(entry.verdict !== 'no' && enrolment?.verdict === 'no' ? [cantEnrol] : []),
    ];
  },
};

function ofDoor({ verdict, admitting, barring }: Entry, app: string, reader: Reader): Finding {
  const [best] = admitting;
  const bars = barring.filter(({ isSure }) => isSure);
  if (verdict === 'no' || best === undefined) return keptOut(verdict === 'no' ? bars : [], app, reader);
  const policy = `the policy “${best.policy.name}”`;
  if (verdict === 'yes') {
    const how =
      best.policy.decision === 'bypass'
        ? 'lets this address pass without signing in, so no code is asked for'
        : 'lets this address in';
    return { verdict: 'ok', says: `The policy “${best.policy.name}” ${how}${by(best.because, reader)}.` };
  }
  const block = bars.find((bar) => bar.by === 'block');
  const says =
    block === undefined
      ? `I can’t tell whether ${policy} lets this address in: that depends on ${best.because}.`
      : `The policy “${best.policy.name}” lets this address in and the policy “${block.policy.name}” blocks it. The one that comes first counts.`;
  return { verdict: 'warning', says, fix: look(reader) };
}

function keptOut([bar]: readonly Bar[], app: string, reader: Reader): Finding {
  if (bar !== undefined) return { verdict: 'failure', says: `${barredBy(bar, reader)}.`, fix: fixFor(bar, reader) };
  return {
    verdict: 'failure',
    says: `No policy of ${app} lets this address in.`,
    fix: reader.isForApprover ? 'To give access, use “add”.' : 'Ask for access with the button below.',
  };
}

function barredBy({ policy, by: how, because }: Bar, reader: Reader): string {
  if (how === 'block') return `The policy “${policy.name}” blocks this address${by(because, reader)}`;
  if (how === 'require')
    return `The policy “${policy.name}” demands something more, which this address does not meet: ${because}`;
  return `An exception in the policy “${policy.name}” keeps this address out${by(because, reader)}`;
}

function fixFor({ by: how }: Bar, reader: Reader): string {
  if (how === 'exclude' && reader.isForApprover) {
    return 'Such exceptions come from a lost device or a revocation. If that is over, “add” lifts it.';
  }
  return how === 'block' && reader.isForApprover ? `Somebody made it on purpose. ${look(reader)}` : look(reader);
}

function mayBar({ policy, because }: Bar, reader: Reader): Finding {
  return {
    verdict: 'warning',
    says: `The policy “${policy.name}” may block this address: that depends on ${because}.`,
    fix: look(reader),
  };
}

/** The rule for this very address goes without saying. */
function by(because: string, { email }: Reader): string {
  return because === `the rule for ${email}` ? '' : `, by ${because}`;
}

function look({ isForApprover }: Reader): string {
  return isForApprover
    ? 'Look at it in the Zero Trust dashboard → Access controls → Policies.'
    : 'Ask an approver to look at it.';
}
