// A client that holds a worker until it is killed; started by rows/ends.ts with the worker's file and a workspace.
import { openClient } from './client.ts';

const [worker = '', workspace = ''] = process.argv.slice(2);
const { process: child } = await openClient(worker, workspace, process.env);
process.send?.(child.pid);
