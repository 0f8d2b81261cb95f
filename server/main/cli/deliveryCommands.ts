import type { Command } from 'commander';
import { upTo } from './options.ts';
import type { Act } from './setUpCommands.ts';

/** The commands about what jobs made, where it was published, and the places where it can be. */
export function deliveryCommands(butler: Command, act: Act): void {
  deliverableCommands(butler.command('deliverable').description('what jobs made'), act);
  butler
    .command('publication')
    .description('what was published')
    .command('list', { isDefault: true })
    .description('list what was published when, by which job and where, newest first')
    .option('-n, --limit <number>', 'how many', upTo(500), 50)
    .option('--ability <id>', 'of one Ability')
    .option('--target <name>', 'at one kind of target')
    .option('--deliverable <id>', 'of one deliverable')
    .action(act(async (options) => (await import('./publications.ts')).list(options)));
  targetCommands(butler.command('target').description('where deliverables are published'), act);
}

function deliverableCommands(deliverable: Command, act: Act): void {
  deliverable
    .command('list', { isDefault: true })
    .description('list deliverables, newest first')
    .option('-n, --limit <number>', 'how many', upTo(500), 20)
    .option('--ability <id>', 'of one Ability')
    .option('--job <id>', 'of one job')
    .action(act(async (options) => (await import('./deliverables.ts')).list(options)));
  deliverable
    .command('show')
    .description('show the files of one, its versions, and what a look at it found')
    .argument('<id>')
    .action(act(async (options, args) => (await import('./deliverables.ts')).show(options, args)));
  deliverable
    .command('open')
    .description('print a file of one, as its bytes where the output is no terminal')
    .argument('<id>')
    .argument('[file]', 'its path (default: the first page)')
    .action(act(async (options, args) => (await import('./deliverables.ts')).open(options, args)));
  deliverable
    .command('save')
    .description('save the files of one in a folder')
    .argument('<id>')
    .argument('<folder>')
    .option('--file <path...>', 'only these files')
    .option('--replace', 'replace files that stand there')
    .action(act(async (options, args) => (await import('./deliverables.ts')).save(options, args)));
  deliverable
    .command('compare')
    .description('say which files differ from the version before, or from another one')
    .argument('<id>')
    .argument('[other]', 'the earlier one')
    .option('--file <path>', 'show the lines in which this file differs')
    .action(act(async (options, args) => (await import('./compare.ts')).compare(options, args)));
  deliverable
    .command('publish')
    .description('publish one again, as a job that asks before it acts')
    .argument('<id>', 'any version')
    .option('-y, --yes', 'approve what the policy asks for; protected files are still asked for')
    .action(act(async (options, args) => (await import('./deliverables.ts')).publish(options, args)));
}

function targetCommands(target: Command, act: Act): void {
  target
    .command('list', { isDefault: true })
    .description('list the kinds of targets and the accounts that are connected')
    .action(act(async (options) => (await import('./targets.ts')).list(options)));
  for (const [name, does] of Object.entries({
    connect: 'keep what the target of an Ability wants to know to be let in',
    'sign-in': 'sign in to the target of an Ability with the browser',
  })) {
    target
      .command(name)
      .description(does)
      .argument('<ability>', 'the id of the Ability')
      .option('--stdin', 'read the fields from the standard input, as a JSON object')
      .action(
        act(async (options, args) =>
          (await import('./targets.ts')).connect(name === 'sign-in', options, args),
        ),
      );
  }
  target
    .command('check')
    .description('try whether the target of an Ability can be published to, without writing there')
    .argument('<ability>', 'the id of the Ability')
    .action(act(async (options, args) => (await import('./targets.ts')).check(options, args)));
  target
    .command('disconnect')
    .description('forget what is kept of an account')
    .argument('<account>', 'as "butler target list" names it')
    .action(act(async (options, args) => (await import('./targets.ts')).disconnect(options, args)));
}
