import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isObject } from './envelope.ts';
import { checkGraphql } from './graphql-contract.ts';

/** One request and the answer to it. `path` starts behind the version: `/accounts/...`. */
interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  /** As received; empty if there was none. */
  requestBody: string;
  status: number;
  answer: unknown;
}

export interface Contract {
  /** What is wrong with the exchange, one line each; never any values, since those are people's. */
  check(exchange: Exchange): string[];
}

/**
 * The published OpenAPI description of the platform: the file that the variable OPENAPI names, or the copy beside the
 * checkout. Undefined if there is neither; an OPENAPI that names no file is a mistake and throws.
 */
export function findOpenapi(): string | undefined {
  const named = process.env['OPENAPI'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error('OPENAPI names a file that does not exist');
    return named;
  }
  const beside = fileURLToPath(new URL('../../../shared/cloudflare/openapi.json', import.meta.url));
  return existsSync(beside) ? beside : undefined;
}

type Schema = Record<string, unknown>;

interface Operation {
  id: string;
  spec: Schema;
  /** JSON pointer of the operation inside the description. */
  pointer: string;
}

const contracts = new Map<string, Contract>();

/** Reads the description once per process; schemas are compiled when first needed. */
export function loadContract(file: string): Contract {
  const known = contracts.get(file);
  if (known !== undefined) return known;
  const contract = createContract(JSON.parse(readFileSync(file, 'utf8')) as Schema);
  contracts.set(file, contract);
  return contract;
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

function pathPattern(template: string): RegExp {
  const source = template
    .split('/')
    .map((part) => (part.startsWith('{') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}

/** Below so many problems all are told; a union of thirteen branches reports hundreds. */
const mostProblems = 4;

function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  const told = (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
  return [...new Set(told)].slice(0, mostProblems);
}

function createContract(description: Schema): Contract {
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
  addFormats.default(ajv);
  ajv.addSchema(description, 'openapi');
  const validators = new Map<string, ValidateFunction>();

  function validator(pointer: string): ValidateFunction {
    const known = validators.get(pointer);
    if (known !== undefined) return known;
    const made = ajv.compile({ $ref: `openapi#${pointer}` });
    validators.set(pointer, made);
    return made;
  }

  function at(pointer: string): unknown {
    let node: unknown = description;
    for (const key of pointer.split('/').slice(1)) {
      const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
      node = Array.isArray(node) ? node[Number(name)] : isObject(node) ? node[name] : undefined;
    }
    return node;
  }

  /** Follows references; gives the node with its own pointer. */
  function resolve(pointer: string): { node: Schema; pointer: string } {
    const node = at(pointer);
    if (!isObject(node)) return { node: {}, pointer };
    const ref = node['$ref'];
    return typeof ref === 'string' ? resolve(ref.slice(1)) : { node, pointer };
  }

  /** The types that a parameter may have, looked for through references and unions. */
  function typesOf(pointer: string): Set<string> {
    const { node, pointer: own } = resolve(pointer);
    const types = new Set(typeof node['type'] === 'string' ? [node['type']] : []);
    for (const union of ['allOf', 'anyOf', 'oneOf']) {
      const branches = node[union];
      if (!Array.isArray(branches)) continue;
      for (const index of branches.keys()) for (const type of typesOf(`${own}/${union}/${index}`)) types.add(type);
    }
    return types;
  }

  const templates = Object.keys(at('/paths') as Schema)
    .map((template) => ({ template, pattern: pathPattern(template), holes: template.split('{').length }))
    .toSorted((a, b) => a.holes - b.holes);

  function operationFor(method: string, path: string): Operation | undefined {
    for (const { template, pattern } of templates) {
      if (!pattern.test(path)) continue;
      const pointer = `/paths/${escaped(template)}/${method.toLowerCase()}`;
      const spec = at(pointer);
      if (isObject(spec)) return { id: `${method} ${template}`, spec, pointer };
    }
    return undefined;
  }

  function coerce(texts: string[], pointer: string): unknown {
    const types = typesOf(pointer);
    if (types.has('array')) return texts;
    const [text = ''] = texts;
    if (texts.length > 1) return texts;
    if ((types.has('integer') || types.has('number')) && text.trim() !== '' && !Number.isNaN(Number(text))) {
      return Number(text);
    }
    if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
    return text;
  }

  function checkQuery(operation: Operation, query: URLSearchParams): string[] {
    const listed = operation.spec['parameters'];
    const parameters = new Map<string, { pointer: string; required: boolean }>();
    for (const index of Array.isArray(listed) ? listed.keys() : []) {
      const { node, pointer } = resolve(`${operation.pointer}/parameters/${index}`);
      if (node['in'] !== 'query') continue;
      parameters.set(String(node['name']), { pointer: `${pointer}/schema`, required: node['required'] === true });
    }
    const problems: string[] = [];
    for (const name of new Set(query.keys())) {
      const parameter = parameters.get(name);
      if (parameter === undefined) {
        problems.push(`query ${name} is not known`);
        continue;
      }
      const value = coerce(query.getAll(name), parameter.pointer);
      problems.push(...problemsOf(validator(parameter.pointer), value).map((text) => `query ${name}: ${text}`));
    }
    for (const [name, { required }] of parameters) {
      if (required && !query.has(name)) problems.push(`query ${name} is missing`);
    }
    return problems;
  }

  function checkRequestBody(operation: Operation, text: string): string[] {
    const { node, pointer } = resolve(`${operation.pointer}/requestBody`);
    if (text === '') return node['required'] === true ? ['body is missing'] : [];
    const schema = `${pointer}/content/application~1json/schema`;
    // A body of any form, where one is named without a form.
    if (at(`${pointer}/content/application~1json`) === undefined) return ['body is not expected'];
    if (at(schema) === undefined) return [];
    try {
      return problemsOf(validator(schema), JSON.parse(text)).map((problem) => `body: ${problem}`);
    } catch (error) {
      if (error instanceof SyntaxError) return ['body is not JSON'];
      throw error;
    }
  }

  function checkAnswer(operation: Operation, status: number, answer: unknown): string[] {
    const responses = operation.spec['responses'] as Schema;
    const key = [String(status), `${String(status)[0]}XX`].find((name) => name in responses);
    if (key === undefined) {
      // Server errors, and refusals of the device routes, are not described: the envelope is all there is to check.
      return status >= 400 ? checkEnvelope(answer) : [`answer: status ${status} is not described`];
    }
    const { pointer } = resolve(`${operation.pointer}/responses/${key}`);
    const schema = `${pointer}/content/application~1json/schema`;
    if (at(schema) === undefined) return [];
    return problemsOf(validator(schema), answer).map((problem) => `answer ${status}: ${problem}`);
  }

  return {
    check: ({ method, path, query, requestBody, status, answer }) => {
      if (method === 'POST' && path === '/graphql') return checkGraphql(requestBody, status, answer);
      const operation = operationFor(method, path);
      if (operation === undefined) return [`${method} is not described for this path`];
      const problems = [
        ...checkQuery(operation, query),
        ...checkRequestBody(operation, requestBody),
        ...(answer === undefined ? [] : checkAnswer(operation, status, answer)),
      ];
      return problems.map((problem) => `${operation.id}: ${problem}`);
    },
  };
}

function checkEnvelope(answer: unknown): string[] {
  if (!isObject(answer) || answer['success'] !== false) return ['answer: an error must say success false'];
  const errors = answer['errors'];
  const sound =
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error) => isObject(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string');
  return sound ? [] : ['answer: errors must hold code and message'];
}
