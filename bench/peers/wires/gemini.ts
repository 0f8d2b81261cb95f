import { type Answer, data, type Form, type Wire } from './wire.ts';

interface Body {
  readonly systemInstruction?: unknown;
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
  readonly generationConfig?: { readonly responseJsonSchema?: Form; readonly responseSchema?: Form };
  readonly contents?: readonly { readonly parts?: readonly Part[] }[];
}

interface Part {
  readonly functionCall?: { readonly id?: string; readonly args?: unknown };
  readonly functionResponse?: { readonly id?: string };
}

/** Google's Gemini (https://ai.google.dev/api/generate-content). */
export const gemini: Wire = {
  overloaded: 503,
  serves: (path) => /:(generateContent|streamGenerateContent)$/.test(path),
  streams: (path) => path.endsWith(':streamGenerateContent'),
  read: (body) => {
    const { tools = [], systemInstruction = '', contents = [], generationConfig = {} } = body as Body;
    const parts = contents.flatMap((content) => content.parts ?? []);
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    const results = parts.flatMap(({ functionResponse }) => functionResponse ?? []);
    return {
      tools: tools.flatMap((tool) => tool.functionDeclarations ?? []).map((tool) => tool.name),
      parts: [tools, systemInstruction, ...contents],
      calls: calls.map((call, index) => ({ id: call.id ?? `${index}`, input: JSON.stringify(call.args) })),
      results: results.map((result, index) => result.id ?? `${index}`),
      form: generationConfig.responseJsonSchema ?? generationConfig.responseSchema,
    };
  },
  stream: (answer) => ({
    opening: [],
    text: answer.text.map((text) => data(turn([{ text }]))),
    call: callParts(answer).map((part) => data(turn([part]))),
    closing: [data(turn([{ text: '' }], 'STOP'))],
  }),
  whole: (answer) => turn([{ text: answer.text.join('') }, ...callParts(answer)], 'STOP'),
  error: (code, message) => ({
    error: { code, message, status: code === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' },
  }),
};

function callParts({ id, call }: Answer): object[] {
  return call ? [{ functionCall: { id, name: call.name, args: call.input } }] : [];
}

function turn(parts: readonly object[], finishReason?: string) {
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason ? { finishReason } : {}) }],
    usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 50, totalTokenCount: 1050 },
    modelVersion: 'mock-model',
  };
}
