import type { Command } from 'commander';
import { effectKinds } from '../../protocol/effect.ts';
import type { RuleOptions } from './policy.ts';
import type { Act } from './setUpCommands.ts';

/** The commands with which a person says what may be done without asking, what never, and who may do it. */
export function safetyCommands(butler: Command, act: Act): void {
  policyCommands(
    butler.command('policy').description('the rules of what is allowed, asked for and denied'),
    act,
  );
  const permissions = butler.command('permissions').description('what each tool and server needs, and may');
  permissions
    .command('list', { isDefault: true })
    .description('list every permission with its reason and state')
    .action(act(async (options) => (await import('./permissions.ts')).list(options)));
  for (const [name, does] of Object.entries({ grant: 'give a permission', revoke: 'take a permission' })) {
    permissions
      .command(name)
      .description(does)
      .argument('<holder>', 'as "butler permissions" lists it, like tool:run_command')
      .argument('<permission>', 'such as run or network')
      .action(
        act(async (options, args) =>
          (await import('./permissions.ts')).change(name === 'grant', options, args),
        ),
      );
  }
  permissions
    .command('check')
    .description('say whether a holder has a permission now')
    .argument('<holder>')
    .argument('<permission>')
    .action(act(async (options, args) => (await import('./permissions.ts')).check(options, args)));
}

function policyCommands(policy: Command, act: Act): void {
  policy
    .command('list', { isDefault: true })
    .description('list the rules of every file that holds here')
    .action(act(async (options) => (await import('./policy.ts')).list(options)));
  policy
    .command('explain')
    .description('say what would be decided on a command, and why; nothing is done')
    .argument('[command...]', 'as an agent would run it')
    .option('--tool <name>', 'a call of another tool')
    .option('--input <json>', 'what the tool is given')
    .option('--mode <mode>', 'ask, assisted or allow (default: ask)')
    .option('--ability <id>', 'for an Ability (default: butler)')
    .action(act(async (options, args) => (await import('./policy.ts')).explainCall(options, args)));
  policy
    .command('add')
    .description('add a rule to your policy; it concerns what fits all that it names')
    .argument('<decision>', 'allow, ask or deny')
    .option('--tool <pattern>', 'the name of a tool')
    .option('--effect <kind>', effectKinds.join(', '))
    .option('--argv <words...>', 'a program and its arguments; a last ... stands for any further ones')
    .option('--path <pattern>', 'of a file in the workspace; ** stands for any folders')
    .option('--host <pattern>', 'such as *.example.org')
    .option('--target <pattern>', 'where a deliverable is published')
    .option('--ability <pattern>', "an Ability's id")
    .option('--here', 'in this workspace folder only')
    .option('--why <words>', 'what you are told where the rule decides')
    .action(act(async (options, args) => (await import('./policy.ts')).add(options as RuleOptions, args)));
  policy
    .command('remove')
    .description('take a rule out of your policy')
    .argument('<number>', 'as "butler policy list" numbers it')
    .action(act(async (options, args) => (await import('./policy.ts')).remove(options, args)));
  policy
    .command('reset')
    .description('take every rule out of your policy')
    .action(act(async (options) => (await import('./policy.ts')).reset(options)));
}
