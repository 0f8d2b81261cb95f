import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { orCalledOff } from '../../../server/adapters/targets/remote/tries.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import { failures } from '../../../server/protocol/failure.ts';

/** A folder to which nobody gets through any more from one act on; `before` sees each act that changes something. */
export function dyingFolder(
  folder: RemoteFolder,
  before: (act: string) => 'goes on' | 'dies' | 'dies after',
): RemoteFolder {
  let dead = false;
  const gone = () => new TargetFault(failures.offline('The server is out of reach.'));
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw gone();
    return work();
  };
  const acting = async <T>(act: string, work: () => Promise<T>): Promise<T> => {
    if (dead) throw gone();
    const end = before(act);
    dead = end !== 'goes on';
    if (end === 'dies') throw gone();
    const done = await work();
    if (end === 'dies after') throw gone();
    return done;
  };
  return {
    ...folder,
    list: (options) => asking(() => folder.list(options)),
    read: (path, signal) => asking(() => folder.read(path, signal)),
    write: (path, bytes, transfer) => acting(`write ${path}`, () => folder.write(path, bytes, transfer)),
    rename: (from, to, signal) => acting(`rename ${to}`, () => folder.rename(from, to, signal)),
    remove: (path, signal) => acting(`remove ${path}`, () => folder.remove(path, signal)),
    removeEmpty: (folders, signal) => acting('removeEmpty', () => folder.removeEmpty(folders, signal)),
  };
}

/** A folder whose server says nothing any more from one act on; a call-off is heard all the same. */
export function silentFolder(folder: RemoteFolder, before: (act: string) => boolean): RemoteFolder {
  let silent = false;
  const never = <T>(signal: AbortSignal) => orCalledOff(signal, new Promise<T>(() => {}));
  const asking = <T>(act: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    silent ||= before(act);
    return silent ? never<T>(signal) : work();
  };
  return {
    ...folder,
    list: (options) => asking('list', options.signal, () => folder.list(options)),
    read: (path, signal) => asking(`read ${path}`, signal, () => folder.read(path, signal)),
    write: (path, bytes, transfer) =>
      asking(`write ${path}`, transfer.signal, () => folder.write(path, bytes, transfer)),
    rename: (from, to, signal) => asking(`rename ${to}`, signal, () => folder.rename(from, to, signal)),
    remove: (path, signal) => asking(`remove ${path}`, signal, () => folder.remove(path, signal)),
    removeEmpty: (folders, signal) =>
      asking('removeEmpty', signal, () => folder.removeEmpty(folders, signal)),
  };
}
