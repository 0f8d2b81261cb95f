import { createShellParser } from '../../server/adapters/shells/treeSitter.ts';
import { effectsOf } from '../../server/adapters/tools/commands/effects.ts';
import { understand } from '../../server/core/command/read.ts';
import type { Verdict } from '../../server/core/policy/decide.ts';
import type { ShellName, ShellParser } from '../../server/core/ports/shell.ts';
import { type Ground, makeGround } from '../contracts/tools/ground.ts';
import type { AttackCase } from './attackCase.ts';
import { judgeWidest } from './judge.ts';
import type { Circumstances, Surface } from './surface.ts';

/**
 * Commands that a model wants to run, in a folder like any project; `<workspace>` and `<outside>` are its path and
 * that of one beside it. None is run: what is answered is the policy's
 * word on what the command is understood to do. Where no sandbox holds it, what would be allowed is asked for.
 */
export const commandSurface: Surface = {
  answers: ['allow', 'ask', 'deny'],
  heedsSandbox: true,
  fault: ({ shell }) =>
    shell === undefined || shells.includes(shell as ShellName)
      ? null
      : { field: 'shell', what: `must be one of ${shells.join(', ')}` },
  expects: ({ expected }, { sandboxed }) => (expected === 'allow' && !sandboxed ? 'ask' : expected),
  open: async (circumstances) => {
    const ground = await makeGround(project);
    const parser = createShellParser();
    return {
      play: (one) => decideCase(one, circumstances, ground, parser),
      close: async () => ground[Symbol.asyncDispose](),
    };
  },
};

/** What the policy says of one command, through the real chain: grammar, understanding, effects, rules. */
export async function decideCommand(
  text: string,
  shell: ShellName,
  { sandboxed }: Circumstances,
  { workspace, context }: Ground,
  parser: ShellParser,
): Promise<Verdict> {
  const understanding = understand(shell, await parser.parse(shell, text), text);
  const effects = await effectsOf(text, understanding, {
    cwd: workspace,
    ground: { workspace, ownFolders: context().ownFolders },
    sandboxed,
    reversible: true,
    missed: async () => [],
    hosts: [],
    scratch: null,
  });
  return judgeWidest('run_command', effects);
}

const shells: readonly ShellName[] = ['bash', 'powershell', 'cmd'];

/** What lies in the folder: enough that programs would find what they are asked for. */
export const project: Readonly<Record<string, string>> = {
  'README.md': '# Project\n',
  'package.json': '{"scripts":{"test":"mocha","build":"tsc"}}\n',
  Makefile: 'all:\n',
  '.env': 'KEY=value\n',
  '.git/config': '[core]\n',
  '.git/hooks/pre-commit.sample': '#!/bin/sh\n',
  '.vscode/settings.json': '{}\n',
  'src/a.ts': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 2;\n',
  'scripts/build.sh': '#!/bin/sh\n',
  'data.csv': 'a,b\n',
  'notes.txt': 'notes\n',
};

async function decideCase(
  one: AttackCase,
  circumstances: Circumstances,
  ground: Ground,
  parser: ShellParser,
): Promise<string> {
  const shell = (one.shell ?? 'bash') as ShellName;
  const text = one.text.replaceAll('<workspace>', ground.workspace).replaceAll('<outside>', ground.outside);
  return (await decideCommand(text, shell, circumstances, ground, parser)).decision;
}
