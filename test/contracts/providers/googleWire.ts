import type { Reply } from './wire.ts';

/** A part of a message as Gemini sends it. */
interface GeminiPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: unknown };
}

/** The events of Gemini's API (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent). */
export const gemini = {
  /** An event with parts, the last one where it gives a reason. */
  event: (parts: readonly GeminiPart[], finishReason?: string, usageMetadata?: object): string =>
    gemini.bytes({
      candidates: [
        { content: { role: 'model', parts }, index: 0, ...(finishReason ? { finishReason } : {}) },
      ],
      ...(usageMetadata ? { usageMetadata } : {}),
      modelVersion: 'gemini-3.8-flash',
    }),
  text: (text: string): string => gemini.event([{ text }]),
  call: (name: string, args: unknown, thoughtSignature?: string): GeminiPart => ({
    functionCall: { name, args },
    ...(thoughtSignature ? { thoughtSignature } : {}),
  }),
  end: (finishReason = 'STOP'): string => gemini.event([{ text: '' }], finishReason),
  /** An event's bytes, with the line ends that the service uses. */
  bytes: (event: object): string => `data: ${JSON.stringify(event)}\r\n\r\n`,
};

/** Answers with an error of Gemini's shape. */
export const geminiError =
  (code: number, status: string, message: string, details: readonly object[] = []): Reply =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify({ error: { code, message, status, details } }));
  };
