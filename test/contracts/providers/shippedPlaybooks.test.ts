import assert from 'node:assert/strict';
import { playbooks } from '../../../server/adapters/playbooks/index.ts';
import { createOffline } from '../../../server/adapters/providers/offline.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { toolDefinitions } from '../../../server/core/toolDefinitions.ts';
import { question, textOf, whole } from './listen.ts';

const provider = createOffline({ playbooks });
const definitions = toolDefinitions(tools({ rg: 'rg' }));

/** The tool that the offline provider asks for first; `null` when it only speaks. */
async function firstTool(text: string, deliverable: string): Promise<string | null> {
  const request = question(text, { tools: definitions, deliverable });
  const { done } = await whole({ provider, request });
  const call = done.parts.find((part) => part.kind === 'call');
  return call?.kind === 'call' ? call.tool : null;
}

describe('the playbooks that come with the product', () => {
  it('are found by their command, and need no tool that does not exist', async () => {
    for (const { command, deliverable, steps } of playbooks) {
      assert.equal(await firstTool(`/${command}`, deliverable), steps[0]?.action, command);
    }
  });

  it('are found by what a person would say', async () => {
    for (const [text, deliverable, tool] of [
      ['Publish the docs as a site', 'website', 'build_site'],
      ['Make a website from my documentation', 'website', 'build_site'],
      ['Write the release notes', 'document', 'release_notes'],
      ['What changes are there since the last release?', 'document', 'release_notes'],
      ['Make a TODO report', 'document', 'todo_report'],
      ['List all open TODOs, please.', 'document', 'todo_report'],
      ['Workspace statistics', 'document', 'workspace_statistics'],
      ['How many lines of code are there?', 'document', 'workspace_statistics'],
    ] as const) {
      assert.equal(await firstTool(text, deliverable), tool, text);
    }
  });

  it('are left alone by what a model is for', async () => {
    for (const text of [
      'Explain what this does, simply and exactly.\n\nsrc/site.ts, lines 3 to 9:\n\n// TODO',
      'Review this.',
      'Write tests for it.',
      'hello',
    ]) {
      assert.equal(await firstTool(text, 'document'), null, text);
    }
  });

  it('are all named by /help', async () => {
    const { done } = await whole({ provider, request: question('/help') });
    for (const { command } of playbooks) assert.ok(textOf(done.parts).includes(`/${command}:`), command);
  });
});
