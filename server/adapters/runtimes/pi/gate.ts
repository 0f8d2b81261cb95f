/** What the extension says when it is loaded, and how its questions are titled. */
export const ready = 'butler:ready';
export const question = 'butler:call';

/**
 * The extension that pi loads (https://pi.dev, docs/extensions.md), as the text of its file. It has pi's own
 * tools under their names, each of which asks the butler before it does anything, and one after another. The
 * butler's answer is an input to go on with, or the result of the call. pi starts without its own tools, so that
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

function gated(tool) {
  const execute = async (call, input, signal, onUpdate, ctx) => {
    const asked = JSON.stringify({ call, tool: tool.name, input });
    const answer = await ctx.ui.input('${question}', asked, { signal });
    if (answer === undefined) throw new Error('Not done: nobody answered.');
    const { allowed, output, error } = JSON.parse(answer);
    if (allowed !== undefined) return tool.execute(call, allowed, signal, onUpdate, ctx);
    if (error) throw new Error(output);
    return { content: [{ type: 'text', text: output }], details: undefined };
  };
  return { ...tool, executionMode: 'sequential', execute };
}

export default function (api) {
  for (const name of ${JSON.stringify(tools)}) api.registerTool(gated(makers[name](process.cwd())));
  api.on('session_start', (_event, ctx) => ctx.ui.notify('${ready}'));
}
`;
