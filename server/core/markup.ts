import type { Part } from '../protocol/provider.ts';

/** Takes the text of an answer as it comes and gives what may be shown of it. */
export interface MarkupFilter {
  /** The next piece of what may be shown; what may yet turn out to be markup is kept back. */
  take(text: string): string;
  /** What was kept back and is no markup. */
  end(): string;
  /** Whether something was left out. */
  hid(): boolean;
}

/** The names of elements in which models write tool calls as text. */
const names = 'tool_calls?|function_calls?|tool_code';

/** Where a tool call written as text begins, and with what it ends; `null` is the end of the answer. */
const marks: readonly { readonly begins: RegExp; readonly ends: RegExp | null }[] = [
  {
    begins: new RegExp(String.raw`<(?:\w+:)?(?:${names})>\s*(?:[{[<]|[\w.-]+\s*[\n<(])`, 'y'),
    ends: new RegExp(String.raw`</(?:\w+:)?(?:${names})>`),
  },
  { begins: /<function=[\w.-]+>/y, ends: /<\/function>/ },
  { begins: /<[|｜](?:tool|python_tag)[\w▁]*[|｜]>/y, ends: null },
  { begins: /\[TOOL_CALLS\]\s*[[{\w]/y, ends: null },
];

/** What may become a mark with the text that follows. */
const beginsMark = new RegExp(
  String.raw`(?:<(?:[|｜]?[\w:=.▁-]*[|｜]?|(?:\w+:)?(?:${names})>\s*[\w.-]*\s*)|\[[A-Z_]*\]?\s*)$`,
  'y',
);
/** The longest mark that is waited for, in characters. */
const longestMark = 200;
/** The longest code within a line, in characters. */
const longestCode = 1_000;
/** The longest end of an element, in characters. */
const longestEnd = 40;
/** The languages of code blocks that are tool calls. */
const callBlock = /^`{3,}[ \t]*(?:tool_code|tool_calls?)[ \t]*$/;

/**
 * Leaves out of an answer's text the tool calls that a model wrote into it in place of making them. Only the
 * marks that are known for it, and never within code that is shown as such.
 */
export function openMarkupFilter(): MarkupFilter {
  const state: State = { pending: '', blank: true, within: null, hid: false };
  return {
    take: (text) => {
      state.pending += text;
      return state.within || interesting.test(state.pending)
        ? drain(state, false)
        : shown(state, text.length);
    },
    end: () => drain(state, true),
    hid: () => state.hid,
  };
}

/** The parts of an answer without tool calls in its text, and whether there were any. */
export function withoutMarkup(parts: readonly Part[]): { parts: readonly Part[]; hid: boolean } {
  let hid = false;
  const kept = parts.flatMap((part): Part[] => {
    if (part.kind !== 'text') return [part];
    const filter = openMarkupFilter();
    const text = filter.take(part.text) + filter.end();
    hid ||= filter.hid();
    if (!filter.hid()) return [part];
    return text.trim() === '' ? [] : [{ ...part, text: text.trimEnd() }];
  });
  return { parts: hid ? kept : parts, hid };
}

const interesting = /[<`[]/;

interface State {
  pending: string;
  /** Whether only blanks stand before `pending` in its line. */
  blank: boolean;
  /** Within what the text stands: markup up to its end, or a code block up to its fence. */
  within: { readonly kind: 'markup'; readonly ends: RegExp | null } | Code | null;
  hid: boolean;
}

interface Code {
  readonly kind: 'code';
  readonly fence: string;
  readonly hidden: boolean;
}

/** Takes all from what is pending that can be decided; at the end of the answer, all of it. */
function drain(state: State, over: boolean): string {
  let out = '';
  for (let moved = true; moved; ) {
    const { pending, within } = state;
    if (within?.kind === 'markup') skipMarkup(state, within.ends, over);
    else if (within) out += takeCode(state, within, over);
    else out += takeText(state, over);
    moved = state.pending.length !== pending.length || state.within !== within;
  }
  return out;
}

/** Gives the first characters of what is pending. */
function shown(state: State, length: number): string {
  const text = state.pending.slice(0, length);
  state.pending = state.pending.slice(length);
  const line = text.slice(text.lastIndexOf('\n') + 1);
  state.blank = line.trim() === '' && (state.blank || text.includes('\n'));
  return text;
}

function takeText(state: State, over: boolean): string {
  const { pending } = state;
  const at = pending.search(interesting);
  if (at !== 0) return shown(state, at === -1 ? pending.length : at);
  if (pending.startsWith('`')) return takeTicks(state, over);
  for (const { begins, ends } of marks) {
    begins.lastIndex = 0;
    if (begins.test(pending)) return hide(state, { kind: 'markup', ends });
  }
  beginsMark.lastIndex = 0;
  const waits = !over && pending.length < longestMark && beginsMark.test(pending);
  return waits ? '' : shown(state, 1);
}

/** Code in a line is shown whole; the fence of a block tells what the block is. */
function takeTicks(state: State, over: boolean): string {
  const { pending, blank } = state;
  const ticks = /^`+/.exec(pending)?.[0] ?? '';
  const lineEnd = pending.indexOf('\n');
  const line = lineEnd === -1 ? pending : pending.slice(0, lineEnd);
  if (lineEnd === -1 && !over && line.length <= longestCode) {
    const closed = isFence(ticks, blank) ? -1 : closingTicks(line, ticks);
    return closed === -1 || closed === line.length ? '' : shown(state, closed);
  }
  if (!isFence(ticks, blank)) return shown(state, Math.max(closingTicks(line, ticks), ticks.length));
  const hidden = callBlock.test(line);
  state.within = { kind: 'code', fence: ticks, hidden };
  state.hid ||= hidden;
  const text = shown(state, Math.min(line.length + 1, pending.length));
  return hidden ? '' : text;
}

const isFence = (ticks: string, blank: boolean) => blank && ticks.length >= 3;

/** Where code that begins a line's rest with these ticks ends; -1 where it does not. */
function closingTicks(line: string, ticks: string): number {
  for (const match of line.slice(ticks.length, longestCode).matchAll(/`+/g)) {
    if (match[0] === ticks) return ticks.length + match.index + ticks.length;
  }
  return -1;
}

/** Takes whole lines of a code block, and the one under way where it cannot be the fence that closes it. */
function takeCode(state: State, { fence, hidden }: Code, over: boolean): string {
  const lineEnd = state.pending.indexOf('\n');
  const line = lineEnd === -1 ? state.pending : state.pending.slice(0, lineEnd);
  if (lineEnd === -1 && !over && (hidden || /^[ \t]*(?:`|$)/.test(line))) return '';
  if (state.blank && line.trim().startsWith(fence) && /^`+$/.test(line.trim())) state.within = null;
  const text = shown(state, lineEnd === -1 ? line.length : lineEnd + 1);
  return hidden ? '' : text;
}

function skipMarkup(state: State, ends: RegExp | null, over: boolean): void {
  const end = ends?.exec(state.pending);
  if (end) {
    state.within = null;
    state.pending = state.pending.slice(end.index + end[0].length);
  } else state.pending = over || !ends ? '' : state.pending.slice(-longestEnd);
}

function hide(state: State, within: State['within']): string {
  state.within = within;
  state.hid = true;
  return '';
}
