import type { Command } from 'commander';
import type { Act } from './setUpCommands.ts';

/** The commands with which a person sets up MCP servers, and looks at what they are. */
export function mcpCommands(mcp: Command, act: Act): void {
  const folder = ['--of <folder>', 'the workspace folder whose .butler/mcp.json names it'] as const;
  mcp
    .command('list', { isDefault: true })
    .description('list the MCP servers and how each stands')
    .option('--connect', 'start those that are approved, and list what they offer')
    .action(act(async (options) => (await import('./mcp.ts')).list(options)));
  mcp
    .command('add')
    .description('add an MCP server, or change one: "mcp add files -- npx -y some-server /folder"')
    .argument('<name>', 'a word of yours')
    .argument('[command...]', 'after "--": the program and its arguments')
    .option('--url <url>', 'the address of a server that runs elsewhere')
    .option(
      '--header <line>',
      'a header for the address, as "Name: value"; may be given several times',
      several,
    )
    .option('--env <pair>', 'a variable for the program, as NAME=value; may be given several times', several)
    .option('--off', 'keep it, but turned off')
    .action(act(async (options, args) => (await import('./mcp.ts')).add(options, args)));
  mcp
    .command('secret')
    .description('keep a secret that the set-up of a server names; asks for it')
    .argument('<server>')
    .argument('<name>')
    .option(...folder)
    .option('--stdin', 'read the value from the standard input')
    .action(act(async (options, args) => (await import('./mcp.ts')).secret(options, args)));
  mcp
    .command('approve')
    .description('show what a server is and what changed, and approve exactly that')
    .argument('<server>')
    .option(...folder)
    .option('--exactly <digest>', 'approve without a question what was shown under this digest')
    .action(act(async (options, [name = '']) => (await import('./mcpApprove.ts')).approve(options, name)));
  mcp
    .command('test')
    .description('start a server and list what it offers')
    .argument('<server>')
    .action(act(async (options, [name = '']) => (await import('./mcp.ts')).test(options, name)));
  mcp
    .command('prompt')
    .description('print one of the prompts of a server')
    .argument('<server>')
    .argument('<prompt>')
    .option(...folder)
    .option('--arg <pair>', 'what the prompt wants, as name=value; may be given several times', several)
    .action(act(async (options, args) => (await import('./mcp.ts')).prompt(options, args)));
  mcp
    .command('remove')
    .description('remove a server, its secrets included')
    .argument('<server>')
    .action(act(async (options, [name = '']) => (await import('./mcp.ts')).remove(options, name)));
}

/** Collects what an option is given each time. */
function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
