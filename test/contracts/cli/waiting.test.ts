import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import { until } from '../../support/stage.ts';
import { atHome, program } from '../../support/terminal.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { modelledOfEachTest } from './modelled.ts';

describe('what waits for a person, in another terminal', () => {
  const { stage, butler } = modelledOfEachTest(answerTo);
  beforeEach(async () => {
    const draft = AbilityDraft.parse({ name: 'Writer', provider: 'anthropic' });
    assert.ok((await createAbility(stage.butler, { draft }, 'person:test')).ok);
  });
  const questions = (count: number) =>
    until(stage.butler, async () => {
      const open = await stage.butler.store.pendingApprovals();
      return open.length === count ? open.map(({ approval }) => approval) : null;
    });

  it('is listed as it is to be approved, and approved one by one, each shown', async () => {
    const running = butler('run', 'writer', 'Write both');
    const [first, second] = await questions(2);
    assert.ok(first && second);
    const listed = await butler('jobs');
    for (const { id } of [first, second]) assert.ok(listed.out.includes(`(approval ${id})`), listed.out);
    assert.match(listed.out, /words of one\.txt[\s\S]*words of two\.txt/);
    const both = await butler('approve', first.job);
    assert.equal(both.status, 2, both.out);
    assert.ok(both.err.includes(first.id) && both.err.includes(second.id), both.err);
    const approved = await butler('approve', first.id);
    assert.match(approved.out, /words of one\.txt[\s\S]*Approved: /);
    await questions(1);
    assert.match((await butler('approve', first.job)).out, /words of two\.txt[\s\S]*Approved: /);
    assert.equal((await running).status, 0);
    for (const name of ['one.txt', 'two.txt']) await access(path.join(stage.workspace, name));
  });

  it('is denied in one go', async () => {
    const running = butler('run', 'writer', 'Write both');
    const [first] = await questions(2);
    assert.equal((await butler('deny', first?.job ?? '')).status, 0);
    assert.equal((await running).status, 3);
  });

  it('is not said to be aborted before its worker has stopped it', async () => {
    const options = { cwd: stage.workspace, env: atHome(stage), stdio: 'ignore' } as const;
    const dead = spawn(process.execPath, [program, 'run', 'site-from-readme', '/site'], options);
    const [asked] = await questions(1);
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    assert.match((await butler('abort', asked?.job ?? '')).out, /^Aborting: /);
  });

  it('is asked by who follows the job, and done by nobody else where its worker was lost', async () => {
    const options = { cwd: stage.workspace, env: atHome(stage), stdio: 'ignore' } as const;
    const dead = spawn(process.execPath, [program, 'run', 'site-from-readme', '/site'], options);
    const [asked] = await questions(1);
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    const followed = await butler('follow', asked?.job ?? '', '--yes');
    assert.equal(followed.status, 0, followed.out + followed.err);
    await access(path.join(stage.workspace, 'public', 'index.html'));
    const again = await butler('follow', asked?.job ?? '');
    assert.equal(again.status, 1, again.out + again.err);
    assert.match(again.err, /completed already/);
  });

  it('is asked by who follows the job from another terminal, from its beginning on', async () => {
    const running = butler('run', 'writer', 'Write both');
    const [first] = await questions(2);
    const followed = await butler('follow', first?.job ?? '', '--yes');
    assert.equal(followed.status, 0, followed.out + followed.err);
    assert.equal((await running).status, 0);
    for (const name of ['one.txt', 'two.txt']) await access(path.join(stage.workspace, name));
  });
});

/** A model that writes two files in one go, and is content. */
function answerTo(body: string): (string | object)[] {
  if (body.includes('tool_result')) return [...a.text(0, 'Done.'), ...a.end('end_turn')];
  const calls = ['one.txt', 'two.txt'].flatMap((name, index) =>
    a.call(
      index,
      `toolu_${index}`,
      'write_file',
      JSON.stringify({ path: name, content: `words of ${name}` }),
    ),
  );
  return [...calls, ...a.end('tool_use')];
}
