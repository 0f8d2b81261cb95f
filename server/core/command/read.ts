import type { ShellName, SyntaxNode } from '../ports/shell.ts';
import { readBash } from './bash.ts';
import { deceivingCharacters } from './characters.ts';
import { readCmd } from './cmd.ts';
import { changeFolder, isChained } from './folder.ts';
import { judgePlain } from './judgePlain.ts';
import { mentionedIn } from './mentioned.ts';
import type { Plain, PlainCommand } from './plain.ts';
import { readPowerShell } from './powershell.ts';
import type { Program, Understanding } from './understanding.ts';

/**
 * What a command does, as far as it is plain programs whose arguments are known here; whatever is not positively
 * understood is a reason in `unclear`. Pure; `tree` is the grammar's, `null` where the language has none.
 */
export function understand(shell: ShellName, tree: SyntaxNode | null, text: string): Understanding {
  const deceit = deceivingCharacters(text);
  if (deceit) return { programs: [], unclear: [deceit] };
  const plain = readers[shell](tree, text);
  if (plain.kind === 'unclear') {
    return { programs: tree && shell === 'bash' ? mentionedIn(tree) : [], unclear: plain.reasons };
  }
  if (plain.commands.length === 0) return { programs: [], unclear: ['It holds no program.'] };
  if (plain.commands.length > mostPrograms) return { programs: [], unclear: ['It holds too many programs.'] };
  const programs: Program[] = [];
  const unclear = new Set<string>();
  const placed: string[] = [];
  let folder = '';
  let hasStayed = false;
  for (const [at, command] of plain.commands.entries()) {
    const moved = changeFolder(command, folder, plain.commands[at + 1]?.after ?? '');
    if (moved?.reason) unclear.add(moved.reason);
    const judged = judgePlain(command, folder, shell);
    if (judged.program.touches.some(({ path }) => isBehind(path, placed))) unclear.add(usesPlaced);
    hasStayed ||= folder !== '' && !isChained(command);
    if (hasStayed && !isSameAnywhere(command, judged.program, shell)) unclear.add(mayHaveStayed);
    placed.push(...placesOf(judged.program));
    programs.push(judged.program);
    for (const reason of judged.reasons) unclear.add(reason);
    folder = moved?.folder ?? folder;
  }
  return { programs, unclear: [...unclear] };
}

const mostPrograms = 50;
const usesPlaced = 'It uses what it copied or moved before, and that may be a link to elsewhere.';
const mayHaveStayed =
  'It runs also where the folder could not be changed, and would touch other files there.';

/** Whether a program touches the very same files from where the command begins. */
function isSameAnywhere(command: PlainCommand, { touches }: Program, shell: ShellName): boolean {
  return JSON.stringify(judgePlain(command, '', shell).program.touches) === JSON.stringify(touches);
}

/** Where a program puts files that may be links. */
function placesOf({ argv, touches }: Program): string[] {
  const isPlacing = argv[0] === 'cp' || argv[0] === 'mv' || /[/\\](cp|mv)$/.test(argv[0] ?? '');
  return isPlacing ? touches.filter(({ act }) => act === 'write').map(({ path }) => path) : [];
}

function isBehind(path: string, placed: readonly string[]): boolean {
  return placed.some((place) => path === place || path.startsWith(`${place}/`));
}

const readers: Readonly<Record<ShellName, (tree: SyntaxNode | null, text: string) => Plain>> = {
  bash: (tree, text) => (tree ? readBash(tree, text) : unread),
  powershell: (tree, text) => (tree ? readPowerShell(tree, text) : unread),
  cmd: (_none, text) => readCmd(text),
};

const unread: Plain = { kind: 'unclear', reasons: ['It could not be read.'] };
