import type { PlanStep, Playbook } from '../protocol/plan.ts';
import type { StopReason } from '../protocol/provider.ts';
import type { ProviderMessage, ProviderRequest } from './ports/provider.ts';

/** What the offline provider says next: words, and the call of the next step unless it is at its end. */
export interface OfflineAnswer {
  readonly text: string;
  readonly call: { readonly call: string; readonly tool: string; readonly input: unknown } | null;
  readonly stop: StopReason;
}

type Asked = Pick<ProviderRequest, 'messages' | 'tools' | 'deliverable'>;

/**
 * Runs a playbook one step a round, as a function of the request alone: what was asked chooses the playbook,
 * the results since then say which step is next (SPEC C4). Whatever no playbook covers is answered in plain
 * words: it is no model.
 */
export function nextOfflineAnswer(playbooks: readonly Playbook[], request: Asked): OfflineAnswer {
  const start = request.messages.findLastIndex((message) => message.role === 'user');
  const asked = request.messages[start];
  const text = asked?.role === 'user' ? asked.text : '';
  const known = playbooks.filter((playbook) => playbook.agent === 'offline');
  const choice = choose(known, text, request.deliverable);
  if (choice.playbook === null) return choice.answer;
  const since = request.messages.slice(start + 1);
  return advance(choice.playbook, request, since, argumentOf(text));
}

type Choice = { readonly playbook: Playbook } | { readonly playbook: null; readonly answer: OfflineAnswer };

function choose(playbooks: readonly Playbook[], text: string, deliverable: string): Choice {
  const command = /^\s*\/(\S*)/.exec(text)?.[1]?.toLowerCase();
  if (command === 'help') return { playbook: null, answer: say(help(playbooks)) };
  if (command !== undefined) {
    const playbook = playbooks.find((one) => one.command === command);
    if (playbook) return { playbook };
    return {
      playbook: null,
      answer: unfinished(`I know no command /${command}.\n\n${abilities(playbooks)}`),
    };
  }
  const [best, ...others] = mostWords(playbooks, text, deliverable);
  if (best && others.length === 0) return { playbook: best };
  if (best) return { playbook: null, answer: unfinished(whichOne([best, ...others])) };
  return { playbook: null, answer: unfinished(notUnderstood(playbooks)) };
}

/** The first paragraph, at its longest: what follows is material, not the request. */
const longestHeading = 400;

/** The playbooks for this deliverable that share the most words with the text; more than one where it is even. */
function mostWords(playbooks: readonly Playbook[], text: string, deliverable: string): Playbook[] {
  const said = normal(
    text
      .trim()
      .split(/\n\s*\n/, 1)[0]
      ?.slice(0, longestHeading) ?? '',
  );
  const scored = playbooks
    .filter((playbook) => playbook.deliverable === deliverable)
    .map((playbook) => ({
      playbook,
      hits: playbook.words.filter((word) => said.includes(normal(word)) || said.includes(normal(`${word}s`)))
        .length,
    }));
  const most = Math.max(0, ...scored.map(({ hits }) => hits));
  return most === 0 ? [] : scored.filter(({ hits }) => hits === most).map(({ playbook }) => playbook);
}

/** Lower-case words between single spaces, with one before and one behind. */
function normal(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

type Result = Extract<ProviderMessage, { role: 'tool' }>['results'][number];

function advance(
  playbook: Playbook,
  request: Asked,
  since: readonly ProviderMessage[],
  argument: string,
): OfflineAnswer {
  const results = since.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const { steps } = playbook;
  const at = results.length;
  if (results.some((result, index) => result.tool !== steps[index]?.action))
    return unfinished(changed(playbook));
  const failed = results.findIndex((result) => result.error);
  if (failed >= 0) return unfinished(stopped(playbook, failed, results[failed]?.output ?? ''));
  const step = steps[at];
  if (!step) return say(filled(playbook.closing, results));
  const obstacle = at === 0 ? obstacleOf(playbook, request) : null;
  if (obstacle) return unfinished(obstacle);
  const input = inputOf(step, results, argument);
  if (!input.ok) return unfinished(stopped(playbook, at, input.what));
  const call = `offline-${request.messages.length}-${at + 1}`;
  return {
    text: at === 0 ? announced(playbook) : '',
    call: { call, tool: step.action, input: input.value },
    stop: 'calls',
  };
}

/** What keeps a playbook from being begun; `null` when nothing does. */
function obstacleOf(playbook: Playbook, request: Asked): string | null {
  const template = playbook.steps.find((step) => step.prompt_template !== undefined);
  if (template) {
    return `"${playbook.title}" cannot run offline: its step "${template.action}" uses a prompt template, which takes a model. Choose a provider with a model for this Ability.`;
  }
  const names = new Set(request.tools.map((tool) => tool.name));
  const missing = playbook.steps.filter((step) => !names.has(step.action)).map((step) => step.action);
  if (missing.length === 0) return null;
  return `"${playbook.title}" cannot run: it needs ${list(missing)}, which this Ability does not have. Add it to the tools of the Ability.`;
}

type Input = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly what: string };

/** What follows a slash command, or all of a plain text. */
function argumentOf(text: string): string {
  return text.replace(/^\s*\/\S*/, '').trim();
}

/** The step's params, with each `"$field"` replaced by that field of the earlier step's output, or by the argument. */
function inputOf(step: PlanStep, results: readonly Result[], argument: string): Input {
  const from = step.data_from_step;
  const data = { argument, ...(from === undefined ? {} : fieldsOf(results[from])) };
  const missing = new Set<string>();
  const value = substituted(step.params, data, from === undefined ? null : missing);
  if (missing.size === 0) return { ok: true, value };
  return { ok: false, what: `The output of step ${(from ?? 0) + 1} has no ${list([...missing])}.` };
}

/** Fields that are not there are noted in `missing`; without it they stay as they are written. */
function substituted(value: unknown, data: Record<string, unknown>, missing: Set<string> | null): unknown {
  if (Array.isArray(value)) return value.map((one) => substituted(one, data, missing));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, substituted(one, data, missing)]),
    );
  }
  const field = typeof value === 'string' ? /^\$([A-Za-z_]\w*)$/.exec(value)?.[1] : undefined;
  if (field === undefined) return value;
  if (Object.hasOwn(data, field)) return data[field];
  missing?.add(field);
  return value;
}

/** The fields of an output that is a JSON object; none where it is anything else. */
function fieldsOf(result: Result | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(result?.output ?? '');
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function filled(closing: string, results: readonly Result[]): string {
  return closing.replace(/\{(\d+)\.([A-Za-z_]\w*)\}/g, (_whole, step: string, field: string) => {
    const data = fieldsOf(results[Number(step)]);
    const value = Object.hasOwn(data, field) ? data[field] : undefined;
    if (value === undefined || value === null) return '(not known)';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

function announced({ title, steps }: Playbook): string {
  const lines = steps.map((step, index) => `${index + 1}. ${step.why ?? step.action}`);
  return [`${title}, in ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}:`, '', ...lines].join('\n');
}

/** As much of a result as is quoted when it stops. */
const longestQuote = 1000;

function stopped({ steps, command }: Playbook, at: number, what: string): string {
  const step = steps[at];
  const before =
    at === 0 ? 'Nothing was done before it.' : 'What the steps before it did stays; Undo takes it back.';
  return [
    `I stopped at step ${at + 1} of ${steps.length}, ${step?.why ?? step?.action ?? ''}`.replace(
      /[.,\s]*$/,
      ':',
    ),
    '',
    ...what
      .slice(0, longestQuote)
      .split('\n')
      .map((line) => `> ${line}`),
    '',
    `${before} When the cause is mended, hand over /${command} again.`,
  ].join('\n');
}

function changed({ title, command }: Playbook): string {
  return `I stopped: the playbook "${title}" was changed while it ran. Hand over /${command} again to run it as it is now.`;
}

const plainly =
  'I am the offline provider: no model, no network, no key. I run playbooks, plans of fixed steps that you can read.';

function help(playbooks: readonly Playbook[]): string {
  return `${plainly}\n\n${abilities(playbooks)}`;
}

function notUnderstood(playbooks: readonly Playbook[]): string {
  return `${plainly} None of them fits what you asked, so nothing was done.\n\n${abilities(playbooks)}\n\nFor anything else, choose a provider with a model in the settings of this Ability.`;
}

function whichOne(playbooks: readonly Playbook[]): string {
  return `More than one playbook fits what you asked, so nothing was done yet. Choose one:\n\n${lines(playbooks)}`;
}

function abilities(playbooks: readonly Playbook[]): string {
  if (playbooks.length === 0) return 'There is no playbook at present.';
  return `What I can do:\n\n${lines(playbooks)}\n- /help: says this.`;
}

function lines(playbooks: readonly Playbook[]): string {
  return playbooks
    .map(({ command, title, about }) => `- /${command}: ${title}${about ? `. ${about}` : ''}`)
    .join('\n');
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}

function say(text: string): OfflineAnswer {
  return { text, call: null, stop: 'end' };
}

/** Says why what was asked is not done. */
function unfinished(text: string): OfflineAnswer {
  return { text, call: null, stop: 'unfinished' };
}
