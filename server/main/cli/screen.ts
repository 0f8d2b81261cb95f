import type { Passing } from '../../core/jobRun.ts';
import { ruleWords } from '../../core/policy/words.ts';
import type { Approval, Preview } from '../../protocol/approval.ts';
import type { Entry } from '../../protocol/journal.ts';
import type { Part } from '../../protocol/provider.ts';
import { revealed } from '../../protocol/reveal.ts';
import { effectLines } from '../questionLines.ts';
import { askQuestion, questionIn } from './askQuestion.ts';
import { passOverEarlyKeys } from './earlyKeys.ts';
import { failedWords, mendWords } from './failureWords.ts';
import { printJson, printTrouble } from './open.ts';

/** What a person at the terminal may answer; `answer` where a question of the agent wants words. */
export interface TerminalDecision {
  readonly decision: 'approve' | 'approveForJob' | 'approveAlways' | 'deny';
  readonly answer?: string;
}

/** How a followed job is shown: text on a terminal, or JSON lines. */
export interface Screen {
  entry(entry: Entry): void;
  passing(passing: Passing): void;
  trouble(what: string): void;
  /** Asks the person; `null` when nobody can answer here or the question was withdrawn. */
  ask(approval: Approval, preview: Preview | null, signal: AbortSignal): Promise<TerminalDecision | null>;
}

/** The screen that the options want. */
export function createScreen(options: { json?: boolean }): Screen {
  return options.json ? jsonScreen : textScreen();
}

const jsonScreen: Screen = {
  entry: (entry) => printJson(entry),
  passing: () => undefined,
  trouble: printTrouble,
  ask: async () => null,
};

function textScreen(): Screen {
  let streamed = '';
  const line = (text: string) => process.stdout.write(`${text}\n`);
  return {
    entry: (entry) => {
      if (entry.type === 'message.added') {
        const parts = (entry.body as { parts?: Part[] } | undefined)?.parts ?? [];
        const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
        if (streamed !== '') line(text.startsWith(streamed) ? safe(text.slice(streamed.length)) : '');
        else if (text !== '') line(safe(text));
        streamed = '';
        return;
      }
      const words = wordsOf(entry);
      if (words) line(words);
    },
    passing: (passing) => {
      if (passing.kind !== 'token' || !process.stdout.isTTY) return;
      if (passing.token === 'text') {
        streamed += passing.text;
        process.stdout.write(safe(passing.text));
      } else if (passing.token === 'restart' && streamed !== '') {
        streamed = '';
        line('\n(the answer broke off; asking again)');
      }
    },
    trouble: printTrouble,
    ask,
  };
}

function wordsOf(entry: Entry): string | null {
  switch (entry.type) {
    case 'execution.started':
      return `→ ${inLine(entry.data.title)}`;
    case 'execution.finished': {
      if (entry.data.end === 'ok') return null;
      return `✗ ${safe((entry.body as { output?: string } | undefined)?.output ?? entry.data.end)}`;
    }
    case 'call.refused':
      return `✗ ${inLine(entry.data.tool)}: ${inLine(entry.data.rule)}`;
    case 'approval.requested':
      return `? ${inLine(entry.data.approval.title)} (approval ${entry.data.approval.id})`;
    case 'approval.decided':
      return `  ${entry.data.decision}`;
    case 'job.routed':
      return `… ${inLine(entry.data.agent)} does it`;
    case 'attempt.failed':
      return `… ${safe(failedWords(entry.data.failure))}`;
    case 'provider.switched': {
      const { from, to, failure } = entry.data;
      return `… ${safe(`${to.provider} goes on in place of ${from.provider}: ${failedWords(failure)}`)}`;
    }
    case 'network.awaited':
      return `… waits until ${safe(entry.data.who)} can be reached, and goes on by itself`;
    case 'network.returned':
      return `… tries ${safe(entry.data.who)} again`;
    case 'deliverable.published':
      return `Published: ${inLine(entry.data.publication.location)}`;
    case 'job.recovered':
      return '… taken over from a worker that stopped';
    case 'job.failed':
      return `✗ ${safe(failedWords(entry.data.failure))}\n  ${safe(mendWords(entry.data.failure))}`;
    case 'job.aborted':
      return 'Aborted.';
    default:
      return null;
  }
}

async function ask(
  approval: Approval,
  preview: Preview | null,
  signal: AbortSignal,
): Promise<TerminalDecision | null> {
  const question = questionIn(approval);
  process.stdout.write(`${questionText(approval, preview)}\n`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const how = question ? `answer ${approval.id} "…"` : `approve ${approval.id}`;
    process.stdout.write(`  Waiting: butler ${how}   (or deny), or in the editor\n`);
    return null;
  }
  await passOverEarlyKeys(signal);
  if (question) return askQuestion(question, signal);
  const { isCancel, select } = await import('@clack/prompts');
  const answer = await select<TerminalDecision['decision']>({
    message: inLine(approval.title),
    initialValue: 'deny',
    options: [
      { value: 'approve', label: 'Approve' },
      ...(approval.protected
        ? []
        : [{ value: 'approveForJob' as const, label: 'Approve the like for this job' }]),
      ...(approval.always
        ? [
            {
              value: 'approveAlways' as const,
              label: `Always, by this rule: ${safe(ruleWords(approval.always))}`,
            },
          ]
        : []),
      { value: 'deny', label: 'Deny' },
    ],
    signal,
  });
  if (signal.aborted) return null;
  return { decision: isCancel(answer) ? 'deny' : answer };
}

/** Exactly what a question is about, and the rule that asks it. */
export function questionText(approval: Approval, preview: Preview | null): string {
  const effects = effectLines(approval).map((line) => `  ${line}`);
  return [...(preview ? [previewText(preview)] : []), ...effects, `  ${inLine(approval.rule)}`].join('\n');
}

function previewText(preview: Preview): string {
  switch (preview.kind) {
    case 'text':
      return indent(preview.text);
    case 'diff':
      return indent(`${preview.path}\n${preview.before === null ? '(new file)\n' : ''}${preview.after}`);
    case 'files': {
      const rows = preview.files.map(
        ({ path, change, size }) => `${change.padEnd(9)} ${path} (${size} bytes)`,
      );
      const { visibility, undoes, notes = [] } = preview;
      const who =
        visibility === undefined
          ? ''
          : ` (${visibility === 'server' ? 'whoever the server lets in' : visibility})`;
      const told = [
        ...notes.map((note) => `! ${note}`),
        ...(undoes === undefined ? [] : [`Undo: ${undoes}`]),
      ];
      return indent([`to ${preview.address}${who}`, ...rows, ...told].join('\n'));
    }
  }
}

function indent(text: string): string {
  return safe(text)
    .split('\n')
    .map((one) => `  ${one}`)
    .join('\n');
}

/** Text that cannot steer the terminal or hide anything (SECURITY S12). */
function safe(text: string): string {
  return revealed(text);
}

/** The same in one line, so that no text of others looks like a line of ours. */
function inLine(text: string): string {
  return safe(text).replaceAll('\n', ' ');
}
