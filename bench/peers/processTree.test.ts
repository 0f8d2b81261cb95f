import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { canMeter, cpuOf, descendantsOf, isDead, peakMemoryOf } from './processTree.ts';

describe('the tree of processes', () => {
  it('is empty where the system does not say', () => {
    if (!canMeter()) assert.deepEqual(descendantsOf(process.pid, new Set()), []);
  });

  it('shows a child and its child while they live, with memory and time', async () => {
    if (!canMeter()) return;
    const grandchild = "require('child_process').spawn('sleep', ['60'])";
    const inner = `const c = ${grandchild}; console.log(c.pid); process.on('SIGTERM', () => { c.kill(); process.exit(); });`;
    const child = spawn(process.execPath, ['-e', inner], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(child.stdout, 'data');
    const [pid, below] = [child.pid ?? 0, Number(said)];
    const found = descendantsOf(process.pid, new Set());
    assert.ok(found.includes(pid) && found.includes(below));
    assert.ok(!descendantsOf(process.pid, new Set([pid])).includes(below));
    assert.ok(peakMemoryOf(pid) > 1);
    assert.ok(cpuOf(pid) >= 0);
    assert.equal(isDead(pid), false);
    child.kill();
    await once(child, 'exit');
    assert.equal(isDead(pid), true);
  });
});
