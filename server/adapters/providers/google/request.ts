import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { Part } from '../../../protocol/provider.ts';
import { bodyWith, type Elements } from '../messageBytes.ts';
import type { WireContent, WirePart } from './wire.ts';

/**
 * What a signature was on, because the service wants it back there: a thought, a piece of text, or the call
 * that follows (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
export type Carrier = 'thought' | 'text' | 'call';

/** Keeps a signature with what it was on. */
export const signed = (carrier: Carrier, signature: string): string => `${carrier}:${signature}`;

/** The request as Gemini reads it: what never changes first, and the messages, which are JSON already, last. */
export function wireRequest(
  { model, system, tools, maxTokens }: ProviderRequest,
  messages: Elements,
): readonly Uint8Array[] {
  const fixed = {
    systemInstruction: { parts: [{ text: system.toWellFormed() }] },
    ...(tools.length > 0 ? { tools: [{ functionDeclarations: tools.map(wireTool) }] } : {}),
    generationConfig: {
      maxOutputTokens: maxTokens,
      ...(thinks(model) ? { thinkingConfig: { includeThoughts: true } } : {}),
    },
  };
  return bodyWith(fixed, 'contents', messages);
}

/** Models that refuse to be asked for their thoughts. */
const thinks = (model: string) => !/^(models\/)?(gemini-(1|2\.0)|gemma|learnlm)|-image/.test(model);

/** Models that refuse a call of theirs without a signature. */
export const wantsSignatures = (model: string): boolean => thinks(model) && !/gemini-2/.test(model);

/** What the service documents for calls that another model made. */
const foreign = 'skip_thought_signature_validator';

/** A message as Gemini reads it; none where nothing of it is left. `strict`: calls need signatures. */
export function wireMessages(message: ProviderMessage, strict: boolean): WireContent[] {
  const content = wireMessage(message, strict);
  return content.parts.length > 0 ? [content] : [];
}

function wireTool({ name, description, input }: ProviderRequest['tools'][number]) {
  return { name, description, parametersJsonSchema: { type: 'object', ...input } };
}

function wireMessage(message: ProviderMessage, strict: boolean): WireContent {
  switch (message.role) {
    case 'user':
      return {
        role: 'user',
        parts: [
          ...(message.images ?? []).map(({ type, base64 }) => ({
            inlineData: { mimeType: type, data: base64 },
          })),
          { text: message.text.toWellFormed() },
        ],
      };
    case 'assistant':
      return { role: 'model', parts: wireParts(message.parts, strict) };
    case 'tool':
      return {
        role: 'user',
        parts: message.results.map(({ call, tool, output, error }) => ({
          functionResponse: {
            id: call,
            name: tool,
            response: { [error ? 'error' : 'output']: output.toWellFormed() },
          },
        })),
      };
  }
}

function wireParts(parts: readonly Part[], strict: boolean): WirePart[] {
  const firstCall = parts.findIndex(({ kind }) => kind === 'call');
  return parts.flatMap((part, index) => {
    const before = signatureOf(parts[index - 1]);
    const signature = before?.carrier === 'call' ? before.signature : undefined;
    return wirePart(part, signature ?? (strict && index === firstCall ? foreign : undefined));
  });
}

/** Thoughts without a signature tell the service nothing, so they are left out. */
function wirePart(part: Part, callSignature: string | undefined): WirePart[] {
  switch (part.kind) {
    case 'text':
      return part.text.trim() ? [{ text: part.text.toWellFormed() }] : [];
    case 'thinking': {
      const own = signatureOf(part);
      if (own?.carrier === 'thought')
        return [{ text: part.text, thought: true, thoughtSignature: own.signature }];
      return own?.carrier === 'text' ? [{ text: '', thoughtSignature: own.signature }] : [];
    }
    case 'call': {
      const args = (part.input ?? {}) as object;
      return [
        {
          functionCall: { id: part.call, name: part.tool, args },
          ...(callSignature ? { thoughtSignature: callSignature } : {}),
        },
      ];
    }
  }
}

function signatureOf(part: Part | undefined): { carrier: string; signature: string } | null {
  const given = part?.kind === 'thinking' ? part.signature : undefined;
  const at = given?.indexOf(':') ?? -1;
  return given === undefined || at < 0
    ? null
    : { carrier: given.slice(0, at), signature: given.slice(at + 1) };
}
