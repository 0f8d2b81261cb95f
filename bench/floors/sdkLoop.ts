// The floor of the agent: a bare loop over the SDK with one tool and a session file; no policy, no journal, no undo.
import { appendFileSync, readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';

const [text = '', session = ''] = process.argv.slice(2);
const client = new Anthropic({ baseURL: process.env.BUTLER_ANTHROPIC_BASE_URL ?? null, maxRetries: 0 });
const messages: Anthropic.MessageParam[] = [{ role: 'user', content: text }];
const tools: Anthropic.Tool[] = [
  {
    name: 'read_file',
    description: 'Reads a file.',
    input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
];
for (;;) {
  const stream = client.messages.stream({ model: 'mock-model', max_tokens: 1024, messages, tools });
  const { content } = await stream.finalMessage();
  const results = content.flatMap((block): Anthropic.ToolResultBlockParam[] =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result', tool_use_id: block.id, content: read(block.input) }]
      : [],
  );
  appendFileSync(session, `${JSON.stringify({ content, results })}\n`);
  if (results.length === 0) break;
  messages.push({ role: 'assistant', content }, { role: 'user', content: results });
}

function read(input: unknown): string {
  return readFileSync((input as { path: string }).path, 'utf8');
}
