import { Command } from 'commander';
import { deliveryCommands } from './deliveryCommands.ts';
import { exitCodes } from './exitCodes.ts';
import { mcpCommands } from './mcpCommands.ts';
import { type JobAct, jobActs, upTo } from './options.ts';
import { safetyCommands } from './safetyCommands.ts';
import { type Act, setUpCommands } from './setUpCommands.ts';

/** The command line `butler` (SPEC B7, E3): each command loads what it needs when it is called. */
export function program(): Command {
  const butler = new Command('butler')
    .description('Hand jobs to your Abilities, approve what matters, receive published deliverables.')
    .version('0.1.0')
    .option('--json', 'print JSON lines instead of text')
    .option('-w, --workspace <folder>', 'the workspace folder (default: the current one)')
    .option('--store <folder>', 'the folder of the store (default: your data folder)')
    .showHelpAfterError('(butler --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));
  const act: Act =
    (run) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      process.exitCode = await run(command.optsWithGlobals(), command.args);
    };

  butler
    .command('run')
    .description('hand a job to an Ability and follow it to its end')
    .argument('<ability>', 'the id of the Ability, as "butler abilities" lists it')
    .argument('<text...>', 'what to do')
    .option('-y, --yes', 'approve what the policy asks for; protected files are still asked for')
    .option(
      '--mode <mode>',
      'how much to ask in this job: ask, assisted or allow; what is protected is always asked for',
    )
    .option('--ask-first', 'create the job as one that needs approval before it starts')
    .option('--image <file>', 'show an image to the model; may be given several times', several)
    .option('--attach <file>', 'attach a file that the agent may read; may be given several times', several)
    .action(act(async (options, args) => (await import('./run.ts')).run(options, args)));
  butler
    .command('follow')
    .description('follow a job that is there to its end, as one whose worker was lost')
    .argument('<job>', 'its id, as "butler jobs" lists it')
    .option('-y, --yes', 'approve what the policy asks for; protected files are still asked for')
    .action(act(async (options, args) => (await import('./run.ts')).follow(options, args)));
  butler
    .command('abilities')
    .description('list the Abilities')
    .action(act(async (options) => (await import('./lists.ts')).abilities(options)));
  butler
    .command('jobs')
    .description('list jobs, newest first')
    .option('-n, --limit <number>', 'how many', upTo(1000), 20)
    .action(act(async (options) => (await import('./lists.ts')).jobs(options)));
  for (const [name, what] of Object.entries(jobActs)) {
    const isBack = name === 'undo' || name === 'redo';
    const command = butler
      .command(name)
      .description(what)
      .argument('<id>', isBack ? 'a job' : 'a job or an approval');
    if (isBack) command.option('--execution <id>', 'only this one, as "butler journal list --json" names it');
    command.action(
      act(async (options, args) => (await import('./acts.ts')).act(name as JobAct, options, args[0] ?? '')),
    );
  }
  butler
    .command('answer')
    .description('answer what an agent asks')
    .argument('<id>', 'an approval or its job')
    .argument('<words...>')
    .action(act(async (options, args) => (await import('./acts.ts')).answer(options, args)));
  for (const [name, what] of Object.entries({
    pause: 'the panic switch: claim no job anywhere',
    resume: 'claim jobs again',
  })) {
    butler
      .command(name)
      .description(what)
      .action(act(async (options) => (await import('./acts.ts')).setPaused(name === 'pause', options)));
  }
  butler
    .command('activity')
    .description(
      'show what was done, newest first: "mail sent this week", "denied yesterday", tool:run_command',
    )
    .argument('[question...]', 'in words, English or German')
    .option('-n, --limit <number>', 'how many', upTo(1000), 50)
    .option('--csv', 'every act found, as CSV, oldest first')
    .action(act(async (options, args) => (await import('./activity.ts')).activity(options, args)));
  setUpCommands(butler, act);
  deliveryCommands(butler, act);
  safetyCommands(butler, act);
  mcpCommands(butler.command('mcp').description('set up servers of tools that others wrote'), act);
  playbookCommands(butler.command('playbook').description('plans of fixed steps, which need no model'), act);
  journalCommands(butler.command('journal').description('read and check the journal'), act);
  butler
    .command('doctor')
    .description('check everything and say what mends it')
    .action(act(async (options) => (await import('./lists.ts')).doctor(options)));
  return butler;
}

function playbookCommands(playbook: Command, act: Act): void {
  playbook
    .command('list', { isDefault: true })
    .description('list them, each with the word behind its slash')
    .action(act(async (options) => (await import('./playbooks.ts')).list(options)));
  playbook
    .command('show')
    .description('print one as its file, to read and to copy')
    .argument('<command>', 'the word behind its slash')
    .action(act(async (options, args) => (await import('./playbooks.ts')).show(options, args[0] ?? '')));
}

function journalCommands(journal: Command, act: Act): void {
  journal
    .command('list')
    .description('list the newest entries')
    .option('-n, --limit <number>', 'how many', upTo(2000), 50)
    .option('--job <id>', 'of one job')
    .option('--type <type...>', 'of these types')
    .option('--since <date>', 'since a date such as 2026-01-31')
    .action(act(async (options) => (await import('./journal.ts')).list(options)));
  journal
    .command('verify')
    .description('check the whole chain; names the first bad entry')
    .action(act(async (options) => (await import('./journal.ts')).verify(options)));
  journal
    .command('export')
    .description('print every entry')
    .option('--csv', 'as CSV instead of JSON lines')
    .action(act(async (options) => (await import('./journal.ts')).exportAll(options)));
  journal
    .command('rebuild')
    .description('fold the lists anew from the journal')
    .action(act(async (options) => (await import('./journal.ts')).rebuild(options)));
}

/** Collects what an option is given each time. */
function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
