import assert from 'node:assert/strict';
import { type House, openHouse } from './house.ts';
import { workersOf } from './processes.ts';

/** A workspace that nobody trusts yet, in a VS Code that asks for trust. */
export function restricted(vsix: () => string): void {
  describe('in Restricted Mode', () => {
    const at: { house?: House } = {};
    before(async () => {
      at.house = await openHouse(vsix(), { trust: false });
    });
    after(() => at.house?.close());

    it('no worker runs and the views say why; with trust given, the butler serves', async () => {
      const { house } = at;
      assert.ok(house);
      const editor = await house.open(await house.workspace('doubtful'));
      await editor.openButler();
      await editor.chat.getByRole('heading', { name: 'Restricted Mode' }).waitFor();
      for (const view of ['Abilities', 'Jobs'] as const) {
        await editor.view(view).getByText('no job runs until you trust it').waitFor();
      }
      assert.deepEqual(await workersOf(house), []);
      await editor.shoot('restricted');
      await editor.view('Abilities').getByRole('button', { name: 'Manage Workspace Trust' }).click();
      await editor.page.getByRole('button', { name: 'Trust', exact: true }).click();
      await editor.row('Abilities', 'Site from README').waitFor();
      assert.equal((await workersOf(house)).length, 1);
    });
  });
}
