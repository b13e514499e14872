import { UserError } from '../../core/errors.ts';
import type { ListedPerson } from '../../core/fields.ts';
import { nameOf } from '../../core/person.ts';
import type { Plan } from '../../core/plan.ts';

export type LeftOut = NonNullable<Plan['leftOut']>;

/** `Line 3, Ana Souza`: a line of a list as the one who typed it finds it again. */
export function lineOf({ line, person }: ListedPerson): string {
  return `Line ${line}, ${nameOf(person)}`;
}

const TOLD = 5;

/** What is said when a list has no line that can be carried out: the reasons of the first few. */
export function nobodyLeft(leftOut: LeftOut): UserError {
  const told = leftOut.slice(0, TOLD).map(({ line, why }) => `${line}: ${why}`);
  const rest = leftOut.length - told.length;
  const more = rest > 0 ? [`And ${rest} more ${rest === 1 ? 'line' : 'lines'}.`] : [];
  return new UserError(['No line of the list can be carried out.', ...told, ...more].join(' '), {
    code: 'nobody-left',
    field: 'people.text',
  });
}
