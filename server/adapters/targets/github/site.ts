import * as z from 'zod';
import type { Hub } from './hub.ts';
import { orNull, Refused } from './refused.ts';

const Site = z.object({
  html_url: z.string().nullable().catch(null),
  public: z.boolean().nullable().catch(null),
  source: z.object({ branch: z.string(), path: z.string() }).optional().catch(undefined),
});

/** The website of a repository, as far as the token may see it. */
export interface Website {
  readonly on: boolean;
  readonly url: string | null;
  readonly public: boolean | null;
  readonly branch: string | null;
}

/** The website of a repository as GitHub tells of it. */
export async function siteOf({ api, at }: Hub, certain = false): Promise<Website> {
  return siteFrom(await orNull(api.ask({ method: 'GET', path: `${at}/pages`, reads: Site, certain }), 403));
}

/** Switches the website of a repository on; `null` where the token or the plan of its owner does not let it. */
export async function switchOn({ api, at }: Hub, branch: string): Promise<Website | null> {
  const body = { source: { branch, path: '/' } };
  const path = `${at}/pages`;
  const made = await unlessRefused(api.ask({ method: 'POST', path, body, reads: Site, certain: true }));
  return made && siteFrom(made);
}

/** Switches it off where it serves a branch, and the token may do that. */
export async function switchOff(hub: Hub, branch: string): Promise<void> {
  const { api, at } = hub;
  if ((await siteOf(hub)).branch !== branch) return;
  await unlessRefused(api.ask({ method: 'DELETE', path: `${at}/pages`, reads: z.unknown() }));
}

function siteFrom(site: z.infer<typeof Site> | null): Website {
  const url = site?.html_url ?? '';
  const good = url.length <= 300 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return {
    on: site !== null,
    url: good ? new URL(url).href : null,
    public: site?.public ?? null,
    branch: site?.source?.branch ?? null,
  };
}

/** What a website comes to beside a publication that stands without it. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof Refused) return null;
    throw error;
  });
}
