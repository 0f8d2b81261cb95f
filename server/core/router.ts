import * as z from 'zod';
import type { Part } from '../protocol/provider.ts';
import type { Transcript } from '../protocol/transcript.ts';
import type { Specialist } from './agents.ts';
import { attachedWords } from './attachments.ts';
import { toldOutput } from './outputs.ts';
import type { ProviderRequest } from './ports/provider.ts';
import { toolDefinitions } from './toolDefinitions.ts';

/** A part of a job and who does it. */
export interface Step {
  readonly agent: string;
  readonly task: string;
}

/** The most parts that a job is cut into. */
const mostSteps = 5;
/** The longest answer, in tokens: a few names, with room for a model that thinks first. */
const longestAnswer = 2_000;
/** The longest job, and earlier job, that is told, in characters. */
const longestJob = 4_000;
const longestEarlier = 300;
/** How many jobs of the session before this one are told. */
const mostEarlier = 3;

/** What is understood: also a list of names. */
const Choice = z.object({
  steps: z.array(
    z.union([
      z.string().transform((agent) => ({ agent, task: '' })),
      z.object({ agent: z.string(), task: z.string().default('') }),
    ]),
  ),
});

/** What is asked for; it is answered, and never run. */
const route = {
  name: 'route',
  description: 'Says who does the job.',
  input: z.strictObject({
    steps: z
      .array(z.strictObject({ agent: z.string(), task: z.string() }))
      .describe('One step where one specialist can do the whole job; else its parts, in order.'),
  }),
};

/** The short question for who does a job, the same for every job of an Ability but for the job itself (SPEC C3). */
export function routerRequest(
  specialists: readonly Specialist[],
  transcript: Transcript,
  job: string,
): Omit<ProviderRequest, 'model' | 'deliverable'> {
  return {
    system: systemPrompt(specialists),
    tools: toolDefinitions([route]),
    messages: [{ role: 'user', text: question(transcript, job) }],
    maxTokens: longestAnswer,
  };
}

/** The parts that an answer names, as a call or as JSON in its text; none where it makes no sense. */
export function chosenIn(
  parts: readonly Part[],
  specialists: readonly Pick<Specialist, 'name'>[],
): readonly Step[] {
  const inputs = parts.flatMap((part) => {
    if (part.kind === 'call') return [part.input];
    return part.kind === 'text' ? [jsonIn(part.text)] : [];
  });
  for (const input of inputs) {
    const choice = Choice.safeParse(input);
    const steps = (choice.success ? choice.data.steps : []).flatMap((step) => {
      const name = step.agent.trim().toLowerCase();
      const known = specialists.find((one) => one.name.toLowerCase() === name);
      return known ? [{ agent: known.name, task: step.task.trim() }] : [];
    });
    if (steps.length > 0) return steps.slice(0, mostSteps);
  }
  return [];
}

function systemPrompt(specialists: readonly Specialist[]): string {
  const rows = specialists.map(({ name, when }) => `- ${name}: ${firstLine(when)}`);
  return `You choose who does a job, and do nothing of it yourself. The specialists:
${rows.join('\n')}

Choose one wherever one can do the whole job; that is nearly always so. Only where the parts clearly belong to different ones, name each with its own task, in the order in which they need each other's results. Where you are not sure, choose general. Answer by calling ${route.name}, or with nothing but its JSON: {"steps":[{"agent":"…","task":"…"}]}`;
}

/** The job, after the ones before it, for "and now the other one" means nothing alone. */
function question({ turns, replaced }: Transcript, job: string): string {
  const asked = turns.flatMap((turn) => (turn.kind === 'person' && !turn.steered ? [turn] : []));
  const own = asked.find((turn) => turn.job === job);
  const place = own ? asked.indexOf(own) : 0;
  const before = asked.slice(0, place).filter((turn) => !replaced[turn.job]);
  const lines = before.slice(-mostEarlier).map(({ text }) => `- ${short(text, longestEarlier)}`);
  const images = own?.images.length ? `\n(with ${own.images.length} images)` : '';
  return [
    ...(lines.length > 0 ? [`Jobs before it:\n${lines.join('\n')}`] : []),
    `The job:\n${short(own?.text ?? '', longestJob)}${images}${attachedWords(own?.files)}`,
  ].join('\n\n');
}

/** The JSON object in a text; `null` where there is none. */
function jsonIn(text: string): unknown {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from === -1 || to < from) return null;
  try {
    return JSON.parse(text.slice(from, to + 1));
  } catch {
    return null;
  }
}

const short = (text: string, longest: number) => toldOutput('', text, { longest, readable: false });

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
}
