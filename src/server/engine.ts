import { z } from 'zod';
import { callDocker, type Answer, type Call, type Question } from './call.ts';
import { isNoEngine, translateConnectionError, translateStatus, type Place } from './translate-error.ts';

/** A Docker Engine that can be asked things; every failure is one of ours. */
export interface Engine {
  /** Undefined: the Engine has no such container. */
  ask(question: Question, allowance?: Allowance): Promise<Buffer | undefined>;
  /** The same, parsed. */
  askFor<Shape>(shape: z.ZodType<Shape>, question: Question): Promise<Shape | undefined>;
}

export interface Allowance {
  /** Milliseconds on top, in which the Engine can't answer yet. */
  readonly moreMs?: number;
  readonly mostBytes?: number;
}

const MOST_BYTES = 4 * 1024 * 1024;

export function createEngine(place: Place, limitMs: number): Engine {
  async function exchange(call: Call): Promise<Answer> {
    try {
      return await callDocker(place.target, call);
    } catch (error) {
      throw await translateConnectionError(error, call, place);
    }
  }

  async function ask(
    question: Question,
    { moreMs = 0, mostBytes = MOST_BYTES }: Allowance = {},
  ): Promise<Buffer | undefined> {
    const { status, body } = await exchange({ ...question, mostBytes, limitMs: limitMs + moreMs });
    if (status >= 200 && status < 300) return body;
    // What the Engine says in words stays out of it, because it may echo what was sent; but who else says 404 does not
    // say it in this form.
    if (status === 404 && parsed(z.object({ message: z.string() }), body) !== undefined) return undefined;
    throw translateStatus(status, question, place);
  }

  return {
    ask,
    askFor: async (shape, question) => {
      const body = await ask(question);
      if (body === undefined) return undefined;
      const answer = parsed(shape, body);
      if (answer === undefined) throw isNoEngine(place);
      return answer;
    },
  };
}

function parsed<Shape>(shape: z.ZodType<Shape>, body: Buffer): Shape | undefined {
  try {
    return shape.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
