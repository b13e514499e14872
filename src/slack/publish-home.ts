import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { eachOf } from '../core/each-of.ts';
import type { HomeFacts, HomeRefusal, Homes } from '../core/home.ts';
import { digest } from './digest.ts';
import { homeView, turnedAwayView } from './home-view.ts';
import { KEPT_MS, type MessageStore } from './posted.ts';
import { asOurs } from './translate-error.ts';

export interface HomeDependencies {
  readonly client: Pick<WebClient, 'views'>;
  readonly store: Pick<MessageStore, 'keep' | 'recall'>;
  /** What the Home tabs of these people show: of those who have ever opened theirs. */
  readonly homesOf: (slackIds: readonly string[]) => Promise<Homes>;
}

/**
 * Draws the Home tabs of people as they are now, where that is not what stands there. One that fails keeps none of the
 * others from being drawn; the first failure is thrown.
 */
export async function publishHomes(dependencies: HomeDependencies, slackIds: readonly string[]): Promise<void> {
  const { homes, failures } = await dependencies.homesOf(slackIds);
  await eachOf(homes, (home) => publish(dependencies, home), { atOnce: 4 });
  if (failures.length > 0) throw failures[0];
}

async function publish({ client, store }: HomeDependencies, home: HomeFacts | HomeRefusal): Promise<void> {
  const { slackId } = home;
  const view = 'refusal' in home ? turnedAwayView(home) : homeView(home);
  const shown = digest(view);
  const key = `home-shown:${slackId}`;
  if (z.string().safeParse(await store.recall(key)).data === shown) return;
  await asOurs(client.views.publish({ user_id: slackId, view }));
  await store.keep(key, shown, KEPT_MS);
}
