// A worker that starts a command and is killed: `node doomedWorker.ts <held|free> <nap>`.
import { makeCommandGround } from './commandGround.ts';
import { value } from './ground.ts';

const [how, long] = process.argv.slice(2);
const on = await makeCommandGround(how === 'free' ? { programs: [] } : {});
const command = `${long} & setsid ${long} & wait`;
value(await on.run({ command, background: true }));
console.log(on.ground.workspace);
setInterval(() => {}, 1000);
