import { z } from 'zod';
import { dockerHostOf } from '../core/docker-target.ts';
import { isKnownError, PermanentError } from '../core/errors.ts';
import type { Container } from '../core/server.ts';
import type { Engine } from './engine.ts';
import { Inspection } from './inspection.ts';
import { nearNames } from './near-names.ts';
import { SERVICE, Summary } from './summary.ts';
import type { Place } from './translate-error.ts';

export interface FoundContainer {
  /** What the paths of the Engine call it. A socket proxy knows containers by name and not by id. */
  readonly reference: string;
  readonly container: Container;
}

/**
 * The containers that CLOUDFLARED_CONTAINER means: the one of exactly that name, which is all that a strict socket proxy
 * lets us ask for, or else all replicas of the compose service of that name. In order of their names.
 */
export async function findContainers(engine: Engine, place: Place): Promise<readonly FoundContainer[]> {
  const exact = await inspect(engine, place.container);
  if (exact !== undefined) return [exact];

  const replicas = await replicasOf(engine, place);
  const found = await Promise.all(replicas.map(({ name }) => inspect(engine, name)));
  const there = found.filter((one) => one !== undefined);
  if (there.length === 0) throw nothingFound(place, nearNames(place.container, await listAll(engine)));
  return there.toSorted((a, b) => a.container.name.localeCompare(b.container.name, 'en', { numeric: true }));
}

/** Undefined: the Engine has none that is called so. */
export async function inspect(engine: Engine, reference: string): Promise<FoundContainer | undefined> {
  const path = `/containers/${encodeURIComponent(reference)}/json`;
  const container = await engine.askFor(Inspection, { method: 'GET', path, does: 'look at the container' });
  return container === undefined ? undefined : { reference, container };
}

async function list(engine: Engine, filters: string): Promise<readonly Summary[]> {
  const query = `?all=true${filters}`;
  const question = { method: 'GET', path: '/containers/json', query, does: 'list the containers' } as const;
  return (await engine.askFor(z.array(Summary), question)) ?? [];
}

async function replicasOf(engine: Engine, place: Place): Promise<readonly Summary[]> {
  const filters = JSON.stringify({ label: [`${SERVICE}=${place.container}`] });
  try {
    const listed = await list(engine, `&filters=${encodeURIComponent(filters)}`);
    const replicas = listed.filter(({ isOneOff }) => !isOneOff);
    const projects = [...new Set(replicas.map(({ project }) => project))];
    if (projects.length > 1) throw severalProjects(place, replicas);
    return replicas;
  } catch (error) {
    if (isKnownError(error) && error.code === 'docker-not-permitted') throw nameOnly(place);
    throw error;
  }
}

/** For a hint only, so that nothing is lost if it can't be had. */
async function listAll(engine: Engine): Promise<readonly Summary[]> {
  try {
    return await list(engine, '');
  } catch (error) {
    if (isKnownError(error)) return [];
    throw error;
  }
}

/** It was made anew or removed between two calls. */
export function isGone(place: Place): PermanentError {
  return noContainer(
    `The container of “${place.container}” that was to be looked at is no longer there: it was removed, or made anew. Please try again.`,
  );
}

function nothingFound(place: Place, near: readonly string[]): PermanentError {
  const hint =
    near.length === 0 ? 'Ask on the server what it is called (docker ps)' : `Similar there: ${near.join(', ')}`;
  return noContainer(
    `The Docker at ${dockerHostOf(place.target)} has no container and no compose service named “${place.container}”. ${hint}. The right name belongs into CLOUDFLARED_CONTAINER.`,
  );
}

function nameOnly(place: Place): PermanentError {
  return noContainer(
    `The Docker at ${dockerHostOf(place.target)} has no container named “${place.container}”, and does not permit to look for a compose service of that name. CLOUDFLARED_CONTAINER must be the container’s own name, as docker ps shows it on the server.`,
  );
}

function severalProjects(place: Place, replicas: readonly Summary[]): PermanentError {
  const names = replicas.map(({ name }) => name).toSorted();
  return noContainer(
    `Several compose projects on the Docker at ${dockerHostOf(place.target)} have a service named “${place.container}”. Put the name of the right container into CLOUDFLARED_CONTAINER: ${names.join(', ')}.`,
  );
}

function noContainer(message: string): PermanentError {
  return new PermanentError(message, { code: 'docker-no-container' });
}
