// Tells which files a held command has open, where its worker was started with one more than usual.
import { readlinkSync } from 'node:fs';
import { makeHeldGround } from './heldGround.ts';

readlinkSync('/proc/self/fd/63');
const ground = await makeHeldGround();
console.log(
  (await ground.run('for one in $(ls /proc/$$/fd); do [ -e /proc/$$/fd/$one ] && echo $one; done')).output,
);
await ground[Symbol.asyncDispose]();
