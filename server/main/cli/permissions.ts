import { changePermission, checkPermission, listPermissions } from '../../core/permissions.ts';
import { failures } from '../../protocol/failure.ts';
import { Permission } from '../../protocol/permission.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Lists every tool and server with what it needs, why, and how that stands. */
export function list(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const holders = await listPermissions(butler);
    if (options.json) for (const holder of holders) printJson(holder);
    else {
      printTable(
        holders.flatMap(({ id, needs }) =>
          needs.map(({ permission, state, reason }) => [id, permission, state, reason]),
        ),
      );
    }
    return exitCodes.done;
  });
}

/** Gives a permission, or takes it. */
export function change(
  granted: boolean,
  options: CommonOptions,
  [holder = '', given = '']: readonly string[],
): Promise<number> {
  return withButler(options, async (butler) => {
    const permission = Permission.safeParse(given);
    if (!permission.success) return tellFailure(options, unknown(given));
    const wanted = { holder, permission: permission.data, granted };
    const changed = await changePermission(butler, wanted, actor);
    if (!changed.ok) return tellFailure(options, changed.failure);
    if (options.json) printJson(changed.value);
    else printLine(`${holder} ${granted ? 'may' : 'may no longer'} ${given}.`);
    return exitCodes.done;
  });
}

/** Says whether a holder has a permission now; the exit status says so too. */
export function check(options: CommonOptions, [holder = '', given = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const permission = Permission.safeParse(given);
    if (!permission.success) return tellFailure(options, unknown(given));
    const checked = await checkPermission(butler, { holder, permission: permission.data });
    if (!checked.ok) return tellFailure(options, checked.failure);
    const { granted } = checked.value;
    if (options.json) printJson(checked.value);
    else printLine(granted ? 'granted' : 'not granted');
    return granted ? exitCodes.done : exitCodes.denied;
  });
}

function unknown(given: string) {
  const mend = `Permissions: ${Permission.options.join(', ')}.`;
  return failures.invalid('permission', `There is no permission "${given}".`, mend);
}
