/** What the extension says when it is loaded, and how its questions are titled: may it, and how may it be told. */
export const ready = 'butler:ready';
export const question = 'butler:call';
export const brought = 'butler:brought';

/**
 * The extension that pi loads (https://pi.dev, docs/extensions.md), as the text of its file. It has pi's own
 * tools under their names, each of which asks the butler before it does anything, and one after another. The
 * butler's answer is an input to go on with, or the result of the call; what a call brought then is told to the
 * model as the butler gives it back. pi starts without its own tools, so that
 * nothing runs unasked where this does not load; `ready` says that it did.
 */
export const gateFor = (
  tools: readonly string[],
): string => `import * as pi from '@earendil-works/pi-coding-agent';

const makers = {
  read: pi.createReadToolDefinition,
  bash: pi.createBashToolDefinition,
  edit: pi.createEditToolDefinition,
  write: pi.createWriteToolDefinition,
};

async function ask(ctx, title, text, signal) {
  const answer = await ctx.ui.input(title, text, { signal });
  if (answer === undefined) throw new Error('Not done: nobody answered.');
  return answer;
}

function gated(tool) {
  const execute = async (call, input, signal, onUpdate, ctx) => {
    const asked = JSON.stringify({ call, tool: tool.name, input });
    const { allowed, output, error } = JSON.parse(await ask(ctx, '${question}', asked, signal));
    if (error) throw new Error(output);
    if (allowed === undefined) return { content: [{ type: 'text', text: output }], details: undefined };
    const told = (text) => ask(ctx, '${brought}', text, signal);
    const result = await tool.execute(call, allowed, signal, onUpdate, ctx).catch(async (failure) => {
      throw new Error(await told(String(failure?.message ?? failure)));
    });
    const content = [];
    for (const block of result.content) {
      content.push(block.type === 'text' ? { ...block, text: await told(block.text) } : block);
    }
    return { ...result, content };
  };
  return { ...tool, executionMode: 'sequential', execute };
}

export default function (api) {
  for (const name of ${JSON.stringify(tools)}) api.registerTool(gated(makers[name](process.cwd())));
  api.on('session_start', (_event, ctx) => ctx.ui.notify('${ready}'));
}
`;
