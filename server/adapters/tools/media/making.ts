import path from 'node:path';
import * as z from 'zod';
import { pricesOf } from '../../../core/models.ts';
import type { Made, Making, Provider } from '../../../core/ports/provider.ts';
import type { Tool, ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Digest } from '../../../protocol/message.ts';
import { byteName } from '../files/bytePath.ts';
import { blobImages } from '../files/entry.ts';
import { readNote, writeNote } from '../files/note.ts';
import { fileEffect, findSpot, type Spot } from '../files/places.ts';
import type { Step } from '../files/things.ts';
import { type TurnParts, turn } from '../files/turn.ts';
import { typeOf } from './kinds.ts';

/** Providers that a person set up, at this moment: those without a key are left out. */
export type Makers = () => Promise<readonly Provider[]>;

/** What is made of words, and how a person is told of it. */
export interface Product {
  readonly member: 'image' | 'speech';
  /** As in `Make a picture`. */
  readonly noun: string;
  /** The ending of its file. */
  readonly ending: string;
}

/** What a call wants. */
export interface Wanted {
  readonly words: string;
  readonly path: string;
}

type Acts = Pick<Tool<Wanted>, 'offered' | 'plan' | 'run' | 'undo' | 'redo' | 'reconcile'>;

/**
 * Makes a file of words by a provider. It costs money, so it is asked for with its price; the words leave the
 * machine to the provider that is named. What was paid for is kept before it is written, so that no crash after
 * that loses it.
 */
export function makingOf(product: Product, makers: Makers): Acts {
  const { member, noun, ending } = product;
  return {
    offered: async () => (await makers()).some((one) => one[member]),
    plan: async (wanted, context) => {
      const work = await workOf(wanted, context, product, makers);
      if (!work.ok) return work;
      const { spot, provider, making } = work.value;
      const amount = priceOf(making.usd(wanted.words), provider, making);
      return good({
        title: `Make ${noun} ${spot.shown}, for ${amount}`,
        effects: [{ kind: 'spend', amount }, fileEffect('write', spot)],
        exactly: { path: spot.path, provider: provider.name, model: making.model },
        preview: { kind: 'text', text: wanted.words },
      });
    },
    run: async (wanted, plan, context) => {
      const work = await workOf(wanted, context, product, makers);
      if (!work.ok) return work;
      const { spot, provider, making } = work.value;
      const exactly = { path: spot.path, provider: provider.name, model: making.model };
      if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) {
        return bad(failures.conflict('It would be made otherwise than was shown.', 'Ask for it anew.'));
      }
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was made.'));
      context.progress(0, `${provider.title} is at work`);
      const made = await making.make(wanted.words, context.signal);
      return made.ok ? keep(spot, made.value, ending, context) : made;
    },
    undo: (undo, context) => go(undo, 'undo', context),
    redo: async (undo, context) => {
      const gone = await go(undo, 'redo', context);
      return gone.ok ? good(undo) : gone;
    },
    reconcile: async (wanted, context) => {
      const undo = Undo.safeParse(await readNote(context));
      if (!undo.success) return { state: 'unknown' };
      const gone = await go(undo.data, 'redo', context);
      return gone.ok ? { state: 'done', result: resultOf(wanted.path, undo.data) } : { state: 'unknown' };
    },
  };
}

const Undo = z.strictObject({ steps: Digest, what: z.string() });
type Undo = z.infer<typeof Undo>;

interface Work {
  readonly spot: Spot;
  readonly provider: Provider;
  readonly making: Making;
}

async function workOf(
  { words, path: given }: Wanted,
  context: ToolContext,
  { member, ending }: Product,
  makers: Makers,
): Promise<Outcome<Work>> {
  const spot = await findSpot(given, context);
  if (!spot.ok) return spot;
  const { place, shown, exists } = spot.value;
  if (place === 'outside') return bad(failures.denied(`${shown} is outside the workspace.`, inside));
  if (exists) return bad(failures.invalid('path', `"path": there is already ${shown}.`, 'Name a new file.'));
  if (path.extname(shown).toLowerCase() !== ending) {
    return bad(failures.invalid('path', `"path": the file must end in ${ending}.`, 'Name it so.'));
  }
  if (context.redactor.known(words) !== words) {
    return bad(failures.denied('The text holds a secret that the butler keeps.', 'Leave it out.'));
  }
  const able = (await makers()).filter((one) => one[member]);
  const provider = able.find(({ name }) => name === context.ability.provider) ?? able[0];
  const making = provider?.[member];
  if (!provider || !making) return bad(nobody);
  if (words.length > making.longest) {
    const what = `"text": ${provider.title} takes ${making.longest} characters at most.`;
    return bad(failures.invalid('text', what, 'Make it in several parts.'));
  }
  return good({ spot: spot.value, provider, making });
}

const inside = 'Give a path inside the workspace.';
const nobody = failures.tool(
  'No provider that can make this is set up.',
  'Set up OpenAI or Google: run "Butler: Add Provider".',
);

function priceOf(usd: number, { title }: Provider, { model }: Making): string {
  return `about $${Math.max(0.01, usd).toFixed(2)} at ${title} (${model}, prices of ${pricesOf})`;
}

/** Keeps what was made, notes it, and writes it with the folders that it needs. */
async function keep(
  spot: Spot,
  made: Made,
  ending: string,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const digest = await context.blobs.put(made.bytes);
  const steps: Step[] = [
    ...(await missingFolders(spot, context)),
    { name: byteName(spot.shown), before: null, after: { kind: 'file', digest, mode: 0o644 } },
  ];
  const kind = typeOf(made.bytes) ?? { name: made.type, ending };
  const odd = kind.ending === ending ? '' : ', in spite of its name';
  const what = `${made.bytes.length} bytes of ${kind.name}${odd}`;
  const undo = { steps: await context.blobs.put(Buffer.from(JSON.stringify(steps))), what };
  await writeNote(context, undo);
  const written = await turn(steps, 'redo', partsOf(context));
  return written.ok ? good(resultOf(spot.shown, undo)) : written;
}

async function missingFolders(spot: Spot, context: ToolContext): Promise<Step[]> {
  const names = spot.shown.split('/').slice(0, -1);
  const steps: Step[] = [];
  for (let count = 1; count <= names.length; count++) {
    const folder = names.slice(0, count).join('/');
    const found = await findSpot(folder, context);
    if (!found.ok || found.value.exists) continue;
    steps.push({ name: byteName(folder), before: null, after: { kind: 'folder', mode: 0o755 } });
  }
  return steps;
}

async function go(given: unknown, way: 'undo' | 'redo', context: ToolContext): Promise<Outcome<void>> {
  const { steps: digest } = Undo.parse(given);
  const bytes = await context.blobs.get(digest);
  if (!bytes) return bad(failures.conflict('What is needed for it was deleted.', 'Do it by hand.'));
  const steps = JSON.parse(Buffer.from(bytes).toString('utf8')) as Step[];
  return turn(steps, way, partsOf(context));
}

function partsOf(context: ToolContext): TurnParts {
  return { ...context, root: context.workspace, images: blobImages(context.blobs) };
}

function resultOf(shown: string, undo: Undo): ToolResult {
  return { output: `Made ${shown}: ${undo.what}.`, undo };
}
