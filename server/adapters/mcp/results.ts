import type { CallToolResult, GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';

/** The longest result that is kept, in characters; the journal keeps all of it. */
const longest = 1_000_000;

/** What a tool answered as text; what is no text is said in words. */
export function textOfResult({ content, structuredContent }: CallToolResult): string {
  const texts = content.map(textOfBlock);
  const isTold = texts.some((text) => text.trim() !== '');
  const told =
    isTold || structuredContent === undefined ? texts : [JSON.stringify(structuredContent, null, 2)];
  return cut(told.join('\n') || 'It answered nothing.');
}

/** What a resource holds as text. */
export function textOfResource({ contents }: ReadResourceResult): string {
  return cut(textOfContents(contents) || 'It holds nothing.');
}

/** A prompt as text to hand over: each message, with who says it where it is not the person. */
export function textOfPrompt({ messages }: GetPromptResult): string {
  const texts = messages.map(({ role, content }) => {
    const text = textOfResult({ content: [content] });
    return role === 'user' ? text : `${role}: ${text}`;
  });
  return cut(texts.join('\n\n'));
}

function textOfBlock(block: CallToolResult['content'][number]): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return inWords(block.type, block.mimeType, block.data);
    case 'resource':
      return textOfContents([block.resource]);
    case 'resource_link':
      return `[resource ${block.uri}: ${block.name}]`;
  }
}

function textOfContents(contents: ReadResourceResult['contents']): string {
  return contents
    .map((one) =>
      'text' in one ? one.text : inWords('data', one.mimeType ?? 'of an unknown type', one.blob),
    )
    .join('\n');
}

function inWords(what: string, type: string, base64: string): string {
  return `[${what} ${type}, ${Math.floor((base64.length * 3) / 4)} bytes, not shown]`;
}

function cut(text: string): string {
  if (text.length <= longest) return text.toWellFormed();
  const left = text.length - longest;
  return `${text.slice(0, longest).toWellFormed()}\n[… ${left} characters more were cut off …]`;
}
