import type { Effect } from '../../protocol/effect.ts';
import type { Mode } from '../../protocol/policy.ts';
import { isGuarded, looksSecret } from './protections.ts';

/** A rule that is always there. */
export interface BuiltInRule {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  applies(effect: Effect, mode: Mode): boolean;
}

/** What no mode, file, grant or flag can widen (SECURITY S1, S5). */
export const protections: readonly BuiltInRule[] = [
  {
    decision: 'deny',
    rule: 'Files outside the workspace are out of reach.',
    applies: (effect) => touchesFile(effect) && effect.kind !== 'publish' && effect.place === 'outside',
  },
  {
    decision: 'deny',
    rule: "The butler's own store is out of reach.",
    applies: (effect) => touchesFile(effect) && effect.place === 'butler' && isAbsolute(effect.shown),
  },
  {
    decision: 'ask',
    rule: 'This file can change what an agent may do or what runs by itself, so it is always asked for.',
    applies: (effect) =>
      touchesFile(effect) &&
      effect.kind !== 'read' &&
      (effect.place === 'butler' || namesOf(effect).some(isGuarded)),
  },
  {
    decision: 'ask',
    rule: 'Nobody can tell all that this command does, so it is asked for each time.',
    applies: (effect) => effect.kind === 'run' && effect.unclear !== undefined,
  },
  {
    decision: 'ask',
    rule: 'Nothing holds this command here, so it is asked for each time.',
    applies: (effect) => effect.kind === 'run' && effect.sandboxed !== true,
  },
  {
    decision: 'ask',
    rule: 'Settings are changed by a person only.',
    applies: (effect) => effect.kind === 'configure',
  },
  {
    decision: 'ask',
    rule: 'Only you can answer this.',
    applies: (effect) => effect.kind === 'ask',
  },
];

/** What holds where neither a protection nor a rule of a file says otherwise. */
export const defaults: readonly BuiltInRule[] = [
  {
    decision: 'ask',
    rule: 'This file looks like it holds secrets.',
    applies: (effect) => effect.kind === 'read' && namesOf(effect).some(looksSecret),
  },
  {
    decision: 'allow',
    rule: 'Reading files of the workspace is allowed.',
    applies: (effect) => effect.kind === 'read',
  },
  {
    decision: 'ask',
    rule: 'It is not known here what this program does.',
    applies: (effect) => effect.kind === 'run' && effect.known === false,
  },
  {
    decision: 'allow',
    rule: 'You let this job go on by itself.',
    applies: (effect, mode) => mode === 'allow' && mayGoOn.has(effect.kind),
  },
  {
    decision: 'allow',
    rule: 'In the assisted mode, changes that can be undone run by themselves.',
    applies: (effect, mode) => mode === 'assisted' && changesFiles(effect) && effect.reversible,
  },
  {
    decision: 'allow',
    rule: 'In the assisted mode, commands that a sandbox holds and that can be undone run by themselves.',
    applies: (effect, mode) =>
      mode === 'assisted' && effect.kind === 'run' && effect.sandboxed === true && effect.reversible === true,
  },
  {
    decision: 'ask',
    rule: 'Changes to files are asked for.',
    applies: (effect, mode) =>
      changesFiles(effect) && mode !== 'allow' && !(mode === 'assisted' && effect.reversible),
  },
  {
    decision: 'ask',
    rule: 'In this mode, commands are asked for.',
    applies: (effect, mode) =>
      effect.kind === 'run' && mode !== 'allow' && !(mode === 'assisted' && effect.reversible === true),
  },
  {
    decision: 'ask',
    rule: 'Tools that others wrote are asked for.',
    applies: (effect, mode) => effect.kind === 'mcp' && mode !== 'allow',
  },
  {
    decision: 'ask',
    rule: 'Publishing is asked for in every mode.',
    applies: (effect) => effect.kind === 'publish',
  },
  {
    decision: 'ask',
    rule: 'Whatever leaves this machine is asked for.',
    applies: (effect) => effect.kind === 'network' || effect.kind === 'send',
  },
  {
    decision: 'ask',
    rule: 'Whatever costs money is asked for.',
    applies: (effect) => effect.kind === 'spend',
  },
];

/** What a job may do by itself when a person allowed it to. */
const mayGoOn: ReadonlySet<Effect['kind']> = new Set(['write', 'delete', 'run', 'mcp']);

type FileEffect = Extract<Effect, { path: string }>;

function touchesFile(effect: Effect): effect is FileEffect {
  return 'path' in effect;
}

/** Its own name, and that of a link which leads to it. */
function namesOf({ shown, named }: FileEffect): string[] {
  return named === undefined ? [shown] : [shown, named];
}

function changesFiles(effect: Effect): effect is Extract<Effect, { kind: 'write' | 'delete' }> {
  return effect.kind === 'write' || effect.kind === 'delete';
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(path);
}
