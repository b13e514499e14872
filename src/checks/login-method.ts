import type { LoginMethod } from '../core/snapshot.ts';
import type { Check } from './check.ts';

/** Cloudflare’s own name for the code by e-mail. */
const CODE_BY_MAIL = 'onetimepin';

/** Is the code by e-mail among the ways to sign in that the application offers? */
export const loginMethod: Check = {
  id: 'login-method',
  findings({ snapshot, isForApprover }) {
    const methods = snapshot?.loginMethods;
    if (methods === undefined) return [];
    const code = methods.find(isCodeByMail);
    const others = methods.filter((one) => one !== code).map(({ name, type }) => name || type);
    const instead = others.length === 0 ? undefined : named(others);
    if (code === undefined) {
      const there = instead === undefined || !isForApprover ? '' : ` People sign in with ${instead} there.`;
      return [
        {
          verdict: 'failure',
          says: `The sign-in page offers no code by e-mail, so nobody gets one.${there}`,
          fix: isForApprover ? OFFER_IT : instead === undefined ? 'Ask an approver.' : `Sign in with ${instead}.`,
        },
      ];
    }
    const choice =
      instead === undefined ? '' : `, as “${code.name || 'One-time PIN'}”. Choosing ${instead} brings none`;
    return [{ verdict: 'ok', says: `The sign-in page offers a code by e-mail${choice}.` }];
  },
};

const OFFER_IT =
  'If it should, add “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and let the application use it.';

export function isCodeByMail({ type }: LoginMethod): boolean {
  return type === CODE_BY_MAIL;
}

const SHOWN = 5;

function named(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  const shown = [...names.slice(0, SHOWN).map((one) => `“${one}”`), ...(rest > 0 ? [`${rest} more`] : [])];
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(shown);
}
