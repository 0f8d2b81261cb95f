// A worker that starts a command and is killed: `node doomedWorker.ts <held|free> <seconds>`.
import { makeCommandGround } from './commandGround.ts';
import { value } from './ground.ts';

const [how, seconds] = process.argv.slice(2);
const on = await makeCommandGround(how === 'free' ? { programs: [] } : {});
const command = `sleep ${seconds} & setsid sleep ${seconds} & wait`;
value(await on.run({ command, background: true }));
console.log(on.ground.workspace);
setInterval(() => {}, 1000);
