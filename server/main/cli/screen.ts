import type { Passing } from '../../core/jobRun.ts';
import type { Approval, Preview } from '../../protocol/approval.ts';
import type { Entry } from '../../protocol/journal.ts';
import type { Part } from '../../protocol/provider.ts';
import { revealed } from '../../protocol/reveal.ts';
import { printJson, printTrouble } from './open.ts';

/** What a person at the terminal may answer. */
export type TerminalDecision = 'approve' | 'approveForJob' | 'deny';

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
      return `→ ${safe(entry.data.title)}`;
    case 'execution.finished': {
      if (entry.data.end === 'ok') return null;
      return `✗ ${safe((entry.body as { output?: string } | undefined)?.output ?? entry.data.end)}`;
    }
    case 'call.refused':
      return `✗ ${safe(entry.data.tool)}: ${safe(entry.data.rule)}`;
    case 'approval.requested':
      return `? ${safe(entry.data.approval.title)} (approval ${entry.data.approval.id})`;
    case 'approval.decided':
      return `  ${entry.data.decision}`;
    case 'job.routed':
      return `… ${safe(entry.data.agent)} does it`;
    case 'attempt.failed':
      return `… ${safe(entry.data.failure.what)}`;
    case 'deliverable.published':
      return `Published: ${safe(entry.data.publication.location)}`;
    case 'job.recovered':
      return '… taken over from a worker that stopped';
    case 'job.failed':
      return `✗ ${safe(entry.data.failure.what)}\n  ${safe(entry.data.failure.mend)}`;
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
  process.stdout.write(`${previewText(preview)}\n  ${safe(approval.rule)}\n`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stdout.write(`  Waiting: butler approve ${approval.id}   (or deny), or in the editor\n`);
    return null;
  }
  const { isCancel, select } = await import('@clack/prompts');
  const answer = await select<TerminalDecision>({
    message: safe(approval.title),
    initialValue: 'deny',
    options: [
      { value: 'approve', label: 'Approve' },
      ...(approval.protected
        ? []
        : [{ value: 'approveForJob' as const, label: 'Approve the like for this job' }]),
      { value: 'deny', label: 'Deny' },
    ],
    signal,
  });
  if (signal.aborted) return null;
  return isCancel(answer) ? 'deny' : answer;
}

function previewText(preview: Preview | null): string {
  switch (preview?.kind) {
    case undefined:
      return '';
    case 'text':
      return indent(preview.text);
    case 'diff':
      return indent(`${preview.path}\n${preview.before === null ? '(new file)\n' : ''}${preview.after}`);
    case 'files': {
      const rows = preview.files.map(
        ({ path, change, size }) => `${change.padEnd(9)} ${path} (${size} bytes)`,
      );
      return indent([`to ${preview.address}`, ...rows].join('\n'));
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
  return text.split('\n').map(revealed).join('\n');
}
