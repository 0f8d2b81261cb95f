import { type Call, type CallState, delegateName, specialistSession } from '../../server/protocol/turn.ts';
import type { Text, TextKey } from '../strings.ts';

/** How a tool is drawn and named before its own plan gives it a title. */
interface Look {
  readonly icon: string;
  readonly words?: TextKey;
}

const looks: Readonly<Record<string, Look | undefined>> = {
  read_file: { icon: 'file', words: 'tool.read' },
  list_files: { icon: 'list-tree', words: 'tool.list' },
  search_text: { icon: 'search', words: 'tool.search' },
  write_file: { icon: 'new-file', words: 'tool.write' },
  edit_file: { icon: 'edit', words: 'tool.edit' },
  delete_file: { icon: 'trash', words: 'tool.delete' },
  move_file: { icon: 'move', words: 'tool.move' },
  run_command: { icon: 'terminal', words: 'tool.run' },
  read_git: { icon: 'git-compare' },
  commit: { icon: 'git-commit' },
  switch_branch: { icon: 'git-branch' },
  read_diagnostics: { icon: 'warning' },
  find_symbols: { icon: 'symbol-class' },
  make_image: { icon: 'file-media' },
  make_speech: { icon: 'unmute' },
  make_video: { icon: 'device-camera-video' },
  assemble_video: { icon: 'device-camera-video' },
  fetch_page: { icon: 'globe', words: 'tool.fetch' },
  ask_person: { icon: 'comment', words: 'tool.ask' },
  publish: { icon: 'cloud-upload', words: 'tool.publish' },
  [delegateName]: { icon: 'person', words: 'tool.delegate' },
};

/** The codicon of a tool. */
export function toolIcon(tool: string): string {
  return looks[tool]?.icon ?? (tool.startsWith(serverPrefix) ? 'server' : 'tools');
}

/** How the tools of servers begin that somebody else wrote. */
const serverPrefix = 'mcp__';

/** One line that names a call: its plan's title, else the tool's verb with its first object. */
export function callTitle(call: Call, t: Text): string {
  if (call.title)
    return specialistSession(call) === null ? t.titled(call.title) : `${call.title}: ${taskOf(call.input)}`;
  const object = objectOf(call.input);
  const words = looks[call.tool]?.words;
  return words ? t(words, { object }) : `${call.tool} ${object}`.trim();
}

/** The codicon and the word of each state; a state that goes on spins. */
export const callStates = {
  proposed: { icon: 'circle', words: 'call.proposed', spin: false },
  waiting: { icon: 'question', words: 'call.waiting', spin: false },
  running: { icon: 'loading', words: 'call.running', spin: true },
  ok: { icon: 'check', words: 'call.ok', spin: false },
  error: { icon: 'error', words: 'call.error', spin: false },
  interrupted: { icon: 'debug-disconnect', words: 'call.interrupted', spin: false },
  refused: { icon: 'circle-slash', words: 'call.refused', spin: false },
  undone: { icon: 'discard', words: 'call.undone', spin: false },
} as const satisfies Record<
  CallState,
  { readonly icon: string; readonly words: TextKey; readonly spin: boolean }
>;

/** The state to show: what its job no longer goes on with has stopped. */
export function shownState(call: Call, active: boolean): CallState {
  if (active) return call.state;
  if (call.state === 'running') return 'interrupted';
  return call.state === 'waiting' || call.state === 'proposed' ? 'refused' : call.state;
}

/** What a specialist was handed, which its title leaves to the conversation. */
function taskOf(input: unknown): string {
  const { task = '' } = (input ?? {}) as { task?: unknown };
  return String(task).split('\n', 1)[0]?.slice(0, 100) ?? '';
}

function objectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const named = Object.entries(input).filter(([, value]) => typeof value === 'string');
  const [, value] =
    named.find(([name]) => /path|pattern|query|title|command|url|question/.test(name)) ?? named[0] ?? [];
  return String(value ?? '').slice(0, 80);
}
