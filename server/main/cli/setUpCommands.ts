import type { Command } from 'commander';
import type { CommonOptions } from './options.ts';

/** Makes the action of a command out of what runs with its options and arguments. */
export type Act = (
  run: (options: CommonOptions & Record<string, unknown>, args: string[]) => Promise<number>,
) => (...given: unknown[]) => Promise<void>;

/** The commands with which a person sets up providers and what all Abilities share, and sees what it costs. */
export function setUpCommands(butler: Command, act: Act): void {
  const providers = butler.command('providers').description('set up where answers come from');
  providers
    .command('list', { isDefault: true })
    .description('list the providers and whether each is ready')
    .action(act(async (options) => (await import('./providers.ts')).list(options)));
  providers
    .command('add')
    .description('add a provider, or change how one is reached; asks for its key')
    .argument('<name>', 'a kind such as openai, or a word of yours')
    .option('--kind <kind>', 'what it is (default: what its name says, else compatible)')
    .option('--title <title>', 'how it is called in lists')
    .option('--base-url <url>', 'another address than the public one')
    .option('--model <model>', 'the model that is taken where an Ability names none')
    .option('--time-limit <seconds>', 'after how long without a word a request is given up')
    .option('--key-stdin', 'read the key from the standard input')
    .action(act(async (options, [name = '']) => (await import('./providers.ts')).add(options, name)));
  providers
    .command('test')
    .description('ask a provider for one short answer, and say what is wrong')
    .argument('<name>')
    .option('--model <model>', 'another model than its first')
    .action(act(async (options, [name = '']) => (await import('./providers.ts')).test(options, name)));
  providers
    .command('models')
    .description('list the models of a provider')
    .argument('<name>')
    .action(act(async (options, [name = '']) => (await import('./providers.ts')).models(options, name)));
  providers
    .command('remove')
    .description('take back what was set up of a provider, its key included')
    .argument('<name>')
    .action(act(async (options, [name = '']) => (await import('./providers.ts')).remove(options, name)));
  butler
    .command('use')
    .description('let an Ability get its answers from a provider, as "use butler openai:some-model"')
    .argument('<ability>', 'the id of the Ability, as "butler abilities" lists it')
    .argument('<provider>', 'a provider, or provider:model')
    .action(act(async (options, args) => (await import('./settings.ts')).use(options, args)));
  settingsCommands(butler.command('settings').description('what all Abilities share'), act);
  butler
    .command('costs')
    .description('say what was spent on models')
    .option('--job <id>', 'of one job with its children')
    .option('--since <date>', 'since a date such as 2026-01-31 (default: today)')
    .action(act(async (options) => (await import('./costs.ts')).costs(options)));
}

function settingsCommands(settings: Command, act: Act): void {
  settings
    .command('show', { isDefault: true })
    .description('show the settings')
    .action(act(async (options) => (await import('./settings.ts')).show(options)));
  settings
    .command('set')
    .description('change one setting, as "fallbacks openai:some-model ollama" or "budget.job.usd 3"')
    .argument('<name>', 'as "butler settings" names it')
    .argument('<values...>', '"none" takes it away')
    .action(act(async (options, args) => (await import('./settings.ts')).set(options, args)));
}
