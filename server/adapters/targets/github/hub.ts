import type { Api } from './api.ts';
import type { Place } from './config.ts';

/** One repository with the API that it is asked through. */
export interface Hub {
  readonly api: Api;
  readonly place: Place;
  /** The path of the repository in the API. */
  readonly at: string;
}

/** The repository of a place. */
export function hubOf(api: Api, place: Place): Hub {
  return { api, place, at: `/repos/${place.owner}/${place.name}` };
}
