import { startClient } from '../../support/lspClient.ts';
import { ofEachTest, standIn } from '../../support/ofEachTest.ts';
import { setStage } from '../../support/stage.ts';

/** A worker for each test of the suite in which this stands, its client, and a stage on the same store. */
export function workerOfEachTest() {
  const both = ofEachTest(
    async () => {
      const stage = await setStage({ serve: false });
      return { stage, client: await startClient({ home: stage.home, workspace: stage.workspace }) };
    },
    async ({ stage, client }) => {
      await client.close();
      await stage.close();
    },
  );
  return { stage: standIn(() => both.stage), client: standIn(() => both.client) };
}
