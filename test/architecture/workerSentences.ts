import { SyntaxKind } from 'typescript/unstable/ast';
import { isComment, isString, type Token, tokensOf } from './tokens.ts';
import { isTest, ownSources } from './tree.ts';

/** What the worker's source says. */
export interface WorkerSentences {
  /** Every text in it, what is put into one as `{0}`. */
  readonly all: ReadonlySet<string>;
  /** Those that a person reads in the editor, each with the place of its first. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Texts that the worker makes of several, as the dictionary has them. */
export const composed: readonly string[] = [
  ...['Run', 'Write', 'Create', 'Edit', 'Delete'].map((verb) => `${verb} {0}`),
  ...['Make and switch', 'Switch'].map((verb) => `${verb} to branch {0}`),
  ...['End', 'Read'].map((verb) => `${verb} background command {0}`),
  ...['List files', 'Build a site from the Markdown files'],
  ...['Approved', 'Approved (for this job)', 'Approved (always)', 'Denied', 'Expired'].map(
    (one) => `${one}: {0}`,
  ),
  ...['Policy of this machine', 'Your policy', 'Policy of this workspace'].map((whose) => `${whose}: {0}`),
  ...['Your policy', 'The policy of this workspace'].map(
    (whose) => `${whose} has a fault, so everything is asked for: {0}`,
  ),
  ...['The job', 'The day'].flatMap((whose) =>
    ['would go beyond', 'has reached'].flatMap((how) =>
      ['.', ', and no more was allowed: {1}.'].map((end) => `${whose} ${how} its limit of {0}${end}`),
    ),
  ),
  ...[
    'is not written as an address',
    'leads out of the deliverable',
    'leads to no file of it',
    'differs from the file "{1}" in small and capital letters',
  ].map((why) => `The link {0} ${why}.`),
  ...[
    'does not know the access key ID',
    'finds that the secret access key does not fit',
    'does not accept the session token',
    'says that the session token has expired',
  ].map((why) => `{0} ${why}.`),
  ...[
    'has elements without an end',
    'ends before it is whole',
    'has no index, so that nothing can play it',
    'has a damaged index',
    'has no extent',
    'holds no sound',
  ].map((fault) => `It ${fault}.`),
  ...[
    'The person denied this',
    'Not done: the question expired',
    'Not allowed',
    'Not done',
    'Not done again',
  ].map((refusal) => `${refusal}: {0}`),
];

/** Templates of these, which say too little by themselves. */
const inParts: ReadonlySet<string> = new Set([
  ...['Delete {0}{1}{2}', '{0} background command {1}', '{0} to branch {1}', 'The link {0} {1}.', 'It {0}.'],
  ...['{0} has a fault, so everything is asked for: {1}', '{0}, and no more was allowed: {1}.'],
]);

/** Reads the texts of the worker's source by its tokens, so that a new sentence for a person is found by itself. */
export function workerSentences(): WorkerSentences {
  const all = new Set<string>();
  const shown = new Map<string, string>();
  for (const [file, source] of ownSources()) {
    if (!file.startsWith('server/') || file.startsWith('server/main/cli/') || isTest(file)) continue;
    const tokens = tokensOf(source).filter(({ kind }) => !isComment(kind));
    for (const { text, line, before } of textsOf(tokens)) {
      const asFinding = isFinding(file, before) ? sentenceOf(text) : text;
      all.add(text).add(asFinding);
      const isShown = isFinding(file, before) || isTitle(file, before) || isReason(file, before);
      const told =
        isShown || (isForPeople(file) && isSentence(text) && !isLeftThere(text) && !isThrown(before));
      if (told && /[a-z]{2}/i.test(asFinding) && !inParts.has(asFinding) && !shown.has(asFinding))
        shown.set(asFinding, `${file}:${line}`);
    }
  }
  return { all, shown };
}

/** Where sentences are written for a person: failures, reasons, notes, what taking back does and what is in its way. */
const forPeople =
  /^server\/(protocol\/failure\.ts|core\/[^/]+\.ts|core\/(policy|activity)\/|adapters\/((targets|deliverables)\/|tlsFault\.ts))/;
/** Of these, what is said to a model or is an answer in the chat. */
const forModels =
  /^server\/core\/(account|compaction|delegate|externalCalls|externalCutOff|externalRun|offlinePlan|outputs|prompt|providerTest|recall|router|telling|toolCall)\.ts$/;

const isForPeople = (file: string) => forPeople.test(file) && !forModels.test(file);
/** What is left at a target names who left it, and is English wherever it is read. */
const isLeftThere = (text: string) => text.includes('Virtual Butler');
/** A fault of ours is for the log. */
const isThrown = (before: readonly string[]) => before.slice(-3).join('') === 'newError(';
const isSentence = (text: string) => /^["“]?([A-Z]|\{0\}).* .*(\.|: \{\d\})$/.test(text);

/** What a question is called: the title in the plan of a tool, or in what the job itself asks. */
const isTitle = (file: string, before: readonly string[]) =>
  /^server\/(adapters\/tools\/[^/]+|core\/(budget|doAgain|waitedPrice))\.ts$/.test(file) &&
  /^title[:=]$/.test(before.slice(-2).join(''));
/** Why a tool needs a permission. */
const isReason = (file: string, before: readonly string[]) =>
  file.startsWith('server/adapters/tools/') && before.slice(-2).join('') === 'reason:';
/** What a look at a deliverable found, which is made a sentence as it is kept. */
const isFinding = (file: string, before: readonly string[]) =>
  file.startsWith('server/adapters/deliverables/') &&
  /(\.add\((path|from|file\.path|undefined),|fault\((line|at|1),)$/.test(before.slice(-8).join(''));

const sentenceOf = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

interface Text {
  readonly text: string;
  readonly line: number;
  /** The tokens in front of it. */
  readonly before: readonly string[];
}

/** The strings and templates among tokens; of a template that holds others, these too. */
function textsOf(tokens: readonly Token[]): Text[] {
  const found: Text[] = [];
  const open: { text: string; holes: number; readonly from: Text }[] = [];
  for (const [index, { kind, text, line }] of tokens.entries()) {
    const from = {
      text,
      line,
      before: tokens.slice(Math.max(0, index - 8), index).map((token) => token.text),
    };
    if (isString(kind)) found.push(from);
    if (kind === SyntaxKind.TemplateHead) open.push({ text: plain(text), holes: 0, from });
    const last = open.at(-1);
    if (!last || (kind !== SyntaxKind.TemplateMiddle && kind !== SyntaxKind.TemplateTail)) continue;
    last.text += `{${last.holes++}}${plain(text)}`;
    if (kind === SyntaxKind.TemplateTail) found.push({ ...last.from, text: last.text });
    if (kind === SyntaxKind.TemplateTail) open.pop();
  }
  return found;
}

/** A piece of a template without what begins and ends it. */
function plain(piece: string): string {
  return piece
    .replace(/^[`}]|(`|\$\{)$/g, '')
    .replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
}
