import type { LoginMethod } from '../core/snapshot.ts';
import type { Check } from './check.ts';

/** Cloudflare’s own name for the code by e-mail. */
const CODE_BY_MAIL = 'onetimepin';

/** Is the code by e-mail among the ways to sign in that the application offers? */
export const loginMethod: Check = {
  id: 'login-method',
  findings({ snapshot }) {
    const methods = snapshot?.loginMethods;
    if (methods === undefined) return [];
    const code = methods.find(isCodeByMail);
    const others = methods.filter((one) => one !== code).map(({ name, type }) => name || type);
    if (code === undefined) {
      const instead = others.length === 0 ? '' : ` People sign in with ${named(others)} instead.`;
      return [
        {
          verdict: 'failure',
          says: `The sign-in page does not offer a code by e-mail, so nobody gets one.${instead}`,
          fix: 'If it should, the operator adds “One-time PIN” in the Zero Trust dashboard → Integrations → Identity providers, and lets the application use it.',
        },
      ];
    }
    const name = code.name || 'One-time PIN';
    if (others.length === 0) return [{ verdict: 'ok', says: 'The sign-in page offers the code by e-mail.' }];
    return [
      {
        verdict: 'ok',
        says: `The sign-in page offers the code by e-mail, as “${name}”. Whoever chooses ${named(others)} there gets no code.`,
      },
    ];
  },
};

export function isCodeByMail({ type }: LoginMethod): boolean {
  return type === CODE_BY_MAIL;
}

const SHOWN = 5;

function named(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  const shown = [...names.slice(0, SHOWN).map((one) => `“${one}”`), ...(rest > 0 ? [`${rest} more`] : [])];
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(shown);
}
