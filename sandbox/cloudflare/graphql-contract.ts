import { isObject } from './envelope.ts';

/** The analytics are not part of the description: what a query and its answer look like is written down here. */
export function checkGraphql(requestBody: string, status: number, answer: unknown): string[] {
  if (status !== 200 || answer === undefined) return [];
  return [...checkQuery(requestBody), ...checkAnswer(answer)].map((problem) => `POST /graphql: ${problem}`);
}

function checkQuery(text: string): string[] {
  const body: unknown = JSON.parse(text);
  const isSound = isObject(body) && typeof body['query'] === 'string' && isObject(body['variables'] ?? {});
  return isSound ? [] : ['body: must have query, and variables as an object'];
}

function checkAnswer(answer: unknown): string[] {
  if (!isObject(answer) || !('data' in answer) || !('errors' in answer)) return ['answer: must have data and errors'];
  const { data, errors } = answer;
  if (errors === null) return isObject(data) ? [] : ['answer: /data must be an object'];
  const isSound =
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error) => isObject(error) && typeof error['message'] === 'string' && isObject(error['extensions']));
  return isSound ? [] : ['answer: /errors must hold message and extensions'];
}
