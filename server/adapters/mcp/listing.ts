import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { McpOffer } from '../../core/ports/mcp.ts';
import { readOffer } from './offer.ts';

/** What a server offers, kept in step with what it tells of its changes. */
export interface Listing {
  /** The first look, right after the connection. */
  first(options: RequestOptions): Promise<void>;
  /** What it offers, with every change that it told of until now. */
  now(): Promise<McpOffer>;
}

/** Looks anew at what is offered after the server said that it changed, one look at a time however often it says so. */
export function openListing(client: Client, changed: (offer: McpOffer) => void, limit: number): Listing {
  let known: McpOffer | null = null;
  let isStale = false;
  let looking: Promise<void> | null = null;
  let lastLook = 0;
  const look = async () => {
    const wait = lastLook + pauseBetweenLooks - performance.now();
    if (wait > 0) await pause(wait, undefined, { ref: false });
    isStale = false;
    try {
      known = await readOffer(client, { timeout: limit });
    } catch (error) {
      isStale = true;
      throw error;
    } finally {
      lastLook = performance.now();
    }
    changed(known);
  };
  const refresh = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
  const settle = (): void => {
    if (isStale && known && !looking) refresh().then(settle, () => undefined);
  };
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    isStale = true;
    settle();
  });
  return {
    first: async (options: RequestOptions) => {
      known = await readOffer(client, options);
      lastLook = performance.now();
      changed(known);
    },
    now: async (): Promise<McpOffer> => {
      await looking?.catch(() => undefined);
      if (isStale || !known) await refresh();
      if (!known) throw new Error('it offers nothing');
      return known;
    },
  };
}

/** How long after a look the next one is, in ms. */
const pauseBetweenLooks = 500;
