import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import {
  changePermission,
  type Holder,
  listPermissions,
  permissionsChanged,
} from '../server/protocol/permission.ts';
import { language } from './language.ts';
import { holderName, type Need, permissionWords, standing } from './permissionWords.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

interface Row extends QuickPickItem {
  readonly holder?: string;
  readonly need?: Need;
}

/** Shows who needs which permission, why, and how that stands; choosing one gives or takes it. */
export async function managePermissions(worker: Worker): Promise<void> {
  const listed = valueOrTell(await worker.send(listPermissions, {}));
  if (!listed) return;
  const pick = window.createQuickPick<Row>();
  const fill = (holders: readonly Holder[]) => {
    const [active] = pick.activeItems;
    pick.items = holders.flatMap(rowsOf);
    const same = pick.items.find((row) => row.need && keyOf(row) === keyOf(active ?? {}));
    if (same) pick.activeItems = [same];
  };
  const again = async () => {
    const next = await worker.send(listPermissions, {});
    if (next.ok) fill(next.value.holders);
  };
  pick.title = l10n.t('Butler: Manage Permissions');
  pick.placeholder = l10n.t('Choose a permission to give or take it');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  fill(listed.holders);
  const following = worker.on(permissionsChanged, () => void again());
  pick.onDidAccept(async () => {
    const [row] = pick.selectedItems;
    if (!row?.holder || !row.need) return;
    pick.busy = true;
    const granted = row.need.state !== 'granted';
    valueOrTell(
      await worker.send(changePermission, { holder: row.holder, permission: row.need.permission, granted }),
    );
    await again();
    pick.busy = false;
  });
  await new Promise<void>((hidden) => {
    pick.onDidHide(() => hidden());
    pick.show();
  });
  following.dispose();
  pick.dispose();
}

/** A heading for who needs it, and a row for each permission. */
export function rowsOf(holder: Holder): Row[] {
  if (holder.needs.length === 0) return [];
  const heading = { label: holderName(holder), kind: QuickPickItemKind.Separator };
  const rows = holder.needs.map((need): Row => {
    const { icon, words } = standing(need, language);
    return {
      label: `$(${icon}) ${permissionWords(need.permission, language)}`,
      description: `${holderName(holder)} · ${words}`,
      detail: plainText(language.said(need.reason)),
      holder: holder.id,
      need,
    };
  });
  return [heading, ...rows];
}

function keyOf({ holder, need }: Partial<Row>): string {
  return `${holder} ${need?.permission}`;
}
