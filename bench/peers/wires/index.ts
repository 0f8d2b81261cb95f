import { chat } from './chat.ts';
import { gemini } from './gemini.ts';
import { messages } from './messages.ts';
import { responses } from './responses.ts';
import type { Wire } from './wire.ts';

/** Every wire that the scripted model speaks. */
export const wires = { chat, responses, messages, gemini } satisfies Readonly<Record<string, Wire>>;
