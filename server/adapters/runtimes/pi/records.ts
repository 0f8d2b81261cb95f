import * as z from 'zod';
import { costOf } from '../../../protocol/cost.ts';
import type { Part, StopReason, Usage } from '../../../protocol/provider.ts';
import { most } from '../../providers/body.ts';

/** What pi writes that is of any use here (https://pi.dev, docs/rpc.md and docs/json.md); the rest is passed over. */
const Wire = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('response'),
    command: z.string(),
    success: z.boolean(),
    error: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('message_update'),
    assistantMessageEvent: z.looseObject({
      type: z.string(),
      delta: z.string().optional(),
      toolName: z.string().optional(),
    }),
  }),
  z.looseObject({ type: z.literal('message_end'), message: z.looseObject({ role: z.string() }) }),
  z.looseObject({
    type: z.literal('tool_execution_end'),
    toolCallId: z.string(),
    result: z.looseObject({ content: z.array(z.unknown()).optional() }).optional(),
    isError: z.boolean().default(false),
  }),
  z.looseObject({ type: z.literal('agent_end'), willRetry: z.boolean().default(false) }),
  z.looseObject({ type: z.literal('agent_settled') }),
  z.looseObject({
    type: z.literal('extension_ui_request'),
    id: z.string(),
    method: z.string(),
    title: z.string().optional(),
    placeholder: z.string().optional(),
    message: z.string().optional(),
  }),
]);
export type PiRecord = z.infer<typeof Wire>;

/** Types of records; a line of none of them says nothing that is needed. */
const known: ReadonlySet<unknown> = new Set(Wire.options.map(({ shape }) => shape.type.value));

/** A line as a record; `null` where it is of no use, `undefined` where it cannot be read. */
export function readRecord(line: string): PiRecord | null | undefined {
  const value = parsed(line);
  if (value === null || typeof value !== 'object' || !('type' in value)) return undefined;
  if (!known.has(value.type)) return null;
  return Wire.safeParse(value).data;
}

const Question = z.looseObject({ call: z.string(), tool: z.string(), input: z.unknown().optional() });

/** The call that a question of the extension is about; `null` where it cannot be read. */
export function readQuestion(text: string): z.infer<typeof Question> | null {
  return Question.safeParse(parsed(text)).data ?? null;
}

const count = z.int().nonnegative();
const Assistant = z.looseObject({
  role: z.literal('assistant'),
  content: z.array(
    z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      thinking: z.string().optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      arguments: z.unknown().optional(),
    }),
  ),
  stopReason: z.string(),
  errorMessage: z.string().optional(),
  usage: z
    .looseObject({ input: count, output: count, cacheRead: count.default(0), cacheWrite: count.default(0) })
    .refine((usage) => costOf({ usage: usageOf(usage) }).tokens <= most.tokens)
    .optional(),
});

/** A whole answer of pi's model, or what stood in its way. */
export type PiAnswer =
  | {
      readonly kind: 'whole';
      readonly parts: readonly Part[];
      readonly stop: StopReason;
      readonly usage: Usage | null;
    }
  | { readonly kind: 'failed'; readonly what: string }
  | { readonly kind: 'aborted' };

/** The message of the assistant as an answer; `null` where it cannot be read. */
export function readAnswer(message: unknown): PiAnswer | null {
  const assistant = Assistant.safeParse(message).data;
  if (!assistant) return null;
  const { content, stopReason, errorMessage = '', usage } = assistant;
  if (stopReason === 'aborted') return { kind: 'aborted' };
  const stop = stops[stopReason];
  if (!stop) return { kind: 'failed', what: errorMessage };
  const parts = content.flatMap((part): Part[] => {
    const { type, text = '', thinking = '', id = '', name = '' } = part;
    if (type === 'text') return text === '' ? [] : [{ kind: 'text', text }];
    if (type === 'thinking') return thinking === '' ? [] : [{ kind: 'thinking', text: thinking }];
    return type === 'toolCall' ? [{ kind: 'call', call: id, tool: name, input: part.arguments ?? {} }] : [];
  });
  return { kind: 'whole', parts, stop, usage: usage ? usageOf(usage) : null };
}

function usageOf({ input, output, cacheRead, cacheWrite }: Usage): Usage {
  return { input, output, cacheRead, cacheWrite };
}

const stops: Readonly<Record<string, StopReason>> = { stop: 'end', toolUse: 'calls', length: 'length' };

const TextBlock = z.looseObject({ type: z.literal('text'), text: z.string() });

/** What a tool says, as text; images are only named. */
export function textOf(content: readonly unknown[] = []): string {
  return content.map((block) => TextBlock.safeParse(block).data?.text ?? '(an image)').join('\n');
}

/** The text of a message of the person. */
export function personText({ content }: Readonly<Record<string, unknown>>): string {
  if (typeof content === 'string') return content;
  return textOf(Array.isArray(content) ? content : []);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
