import * as z from 'zod';
import { publish } from '../../server/adapters/tools/publish.ts';
import { decide, noPolicies, type PolicyLayer } from '../../server/core/policy/decide.ts';
import type { Target, TargetContext } from '../../server/core/ports/target.ts';
import { good } from '../../server/protocol/failure.ts';
import { PolicyRule } from '../../server/protocol/policy.ts';
import { type Ground, makeGround, value } from '../contracts/tools/ground.ts';
import type { AttackCase } from './attackCase.ts';
import type { Surface } from './surface.ts';

/**
 * Publishing to an address out in the world, by an Ability that a repository brought, in the widest mode. `rules` are
 * those of the person, `workspace` those of the repository, `granted` is an address that the person let this job
 * publish to before, `files` are what is published. With `do: shown` it is asked how the address is told: `plain` where
 * its host has plain letters only, `named` where the host is told beside it as well.
 */
export const publishSurface: Surface = {
  answers: ['allow', 'ask', 'deny', 'plain', 'named'],
  fault: (one) =>
    Case.safeParse(one).success ? null : { field: 'rules', what: 'rules, granted or files do not fit' },
  open: async () => {
    const ground = await makeGround({});
    const digest = await ground.blobs.put(new TextEncoder().encode('<p>Text'));
    return {
      play: (one) => play(one, ground, digest),
      close: () => Promise.resolve(ground[Symbol.asyncDispose]()),
    };
  },
};

const Case = z.looseObject({
  do: z.literal('shown').optional(),
  rules: z.array(PolicyRule).default([]),
  workspace: z.array(PolicyRule).default([]),
  granted: z.string().optional(),
  files: z.array(z.string()).default(['index.html']),
});

async function play(one: AttackCase, ground: Ground, digest: string): Promise<string> {
  const { do: act, rules, workspace, granted, files } = Case.parse(one);
  const plan = await planOf(one.text, files, ground, digest);
  if (act === 'shown') {
    const { preview } = plan;
    const notes = preview?.kind === 'files' ? (preview.notes ?? []) : [];
    const shown = [
      plan.title,
      ...plan.effects.map((effect) => JSON.stringify(effect)),
      JSON.stringify(preview),
    ];
    const isPlain = shown.every((text) => hostsIn(text).every((host) => /^[!-~]*$/.test(host)));
    if (!isPlain) return 'with strange letters';
    return notes.some((note) => /host (is )?"/.test(note)) ? 'named' : 'plain';
  }
  const grants =
    granted === undefined
      ? []
      : [{ tool: 'publish', effects: (await planOf(granted, files, ground, digest)).effects }];
  const layer = (all: readonly PolicyRule[]): PolicyLayer => ({ rules: all, fault: null });
  return decide(plan.effects, {
    tool: 'publish',
    ability: 'from-the-repository',
    workspace: '/workspace',
    mode: 'allow',
    trusted: true,
    grants,
    policies: { ...noPolicies, user: layer(rules), workspace: layer(workspace) },
  }).decision;
}

/** What the tool would do, and how it tells it, where the target leads to this address. */
async function planOf(address: string, files: readonly string[], ground: Ground, digest: string) {
  const context = ground.context();
  ground.deliverables.set('one', {
    id: 'one',
    job: context.job,
    session: context.session,
    ability: context.ability.id,
    type: 'website',
    title: 'Site',
    files: files.map((path) => ({ path, digest, size: 7, mime: 'text/html' })),
    findings: [],
    metadata: {},
    created: 0,
    published: null,
  });
  const ability = { ...context.ability, target: { type: 'shelf', config: {} } };
  return value(
    await publish.plan({ deliverable: 'one' }, { ...context, ability, targets: [shelf(address)] }),
  );
}

/** A target far away that only says what it would do. */
export function shelf(address: string, told: string[] = []): Target {
  const never = async () => {
    throw new Error('Nothing is taken back here.');
  };
  return {
    name: 'shelf',
    title: 'Shelf',
    about: 'Puts files on a shelf far away.',
    config: z.looseObject({}),
    plan: async ({ files }) =>
      good({
        address,
        effect: {
          kind: 'publish',
          target: 'shelf',
          address,
          path: address,
          shown: address,
          place: 'outside',
          reversible: true,
        },
        preview: {
          kind: 'files',
          address,
          files: files.map(({ path, size }) => ({ path, size, change: 'create' as const })),
          visibility: 'public',
          undoes: 'Taking it back is not possible.',
        },
        exactly: null,
      }),
    publish: async (_parcel, _config, { execution }: TargetContext) => {
      told.push(address);
      const facts = { version: '1', visibility: 'public', undoes: '' } as const;
      const publication = { execution, target: 'shelf', location: address, time: 0, ...facts };
      return good({ publication, undo: null });
    },
    reconcile: async () => null,
    unpublish: never,
  };
}

function hostsIn(text: string): string[] {
  return [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/([^/\s"\\?#]*)/gi)].map(
    ([, authority = '']) => authority.split('@').at(-1) ?? '',
  );
}
