import * as z from 'zod';
import { AttachedFile } from '../../server/protocol/attachment.ts';
import { Image } from '../../server/protocol/provider.ts';

/** An image that waits to be handed over, with a small picture of it as a data URL. */
const DraftImage = z.object({ image: Image, thumb: z.string() });
export type DraftImage = z.infer<typeof DraftImage>;

/** What a page keeps over a reload of its view. */
export const Kept = z.object({
  session: z.string().nullable().default(null),
  /** Unsent text by session. */
  drafts: z.record(z.string(), z.string()).default({}),
  /** Images that go with it, by session. */
  images: z.record(z.string(), z.array(DraftImage)).default({}),
  /** Files that go with it, by session. */
  files: z.record(z.string(), z.array(AttachedFile)).default({}),
  /** The turn at the top edge and how far above the edge it begins; `null` while at the newest. */
  anchor: z.object({ seq: z.int(), offset: z.number() }).nullable().default(null),
});
export type Kept = z.infer<typeof Kept>;

/** The editor's side of the page, as `acquireVsCodeApi` gives it. */
export interface Host {
  post(message: unknown): void;
  keep(kept: Kept): void;
  readonly kept: Kept;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: () => VsCodeApi;

/** Takes hold of the editor; possible once in the life of a page. */
export function acquireHost(): Host {
  const api = acquireVsCodeApi();
  const kept = Kept.safeParse(api.getState() ?? {});
  return {
    post: (message) => api.postMessage(message),
    keep: (next) => api.setState(next),
    kept: kept.success ? kept.data : Kept.parse({}),
  };
}
