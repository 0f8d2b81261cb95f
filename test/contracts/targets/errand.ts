import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Credential, Parcel } from '../../../server/core/ports/target.ts';
import { killedChild } from '../../support/killedChild.ts';

/** What a publisher in a process of its own is to do. */
export interface Errand {
  /** `takeUp` goes on with what one that died began; `both` publishes and takes that back. */
  readonly does: 'publish' | 'takeUp' | 'unpublish' | 'both';
  readonly target: string;
  /** Where the channel of a test is; absent where the target is none of ours for YouTube. */
  readonly channel?: string;
  readonly config: unknown;
  readonly credential: Credential | null;
  readonly workspace?: string;
  /** The folder of the blobs. */
  readonly blobs: string;
  /** The file that stands for the journal: what the execution noted last. */
  readonly journal: string;
  readonly execution: string;
  readonly parcel: Parcel;
  /** What is taken back. */
  readonly undo?: unknown;
}

/** Sends a publisher on an errand, on which it dies where a moment is named; answers the acts of publishing and of taking back, or `null`. */
export async function sendOut(errand: Errand, at?: number): Promise<readonly number[] | null> {
  const file = path.join(errand.blobs, `errand-${randomUUID()}.json`);
  await writeFile(file, JSON.stringify(errand));
  const lived = await killedChild(path.join(import.meta.dirname, 'publisher.ts'), [file], at);
  assert.ok(!lived?.code, lived?.words);
  return lived?.laps ?? null;
}
