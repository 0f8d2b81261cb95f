// Notes what any extension of its extension host asks of the system: processes, sockets, names, files that are
// written. It stands in the host before the others; each line of BUTLER_RECORD names the act and the files of the
// stack that led to it, so that a test finds those of one extension.
const childProcess = require('node:child_process');
const dgram = require('node:dgram');
const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const tls = require('node:tls');
const workers = require('node:worker_threads');

const file = process.env.BUTLER_RECORD;
const write = fs.writeSync;
const open = fs.openSync(file ?? '/dev/null', 'a');

exports.activate = () => {
  for (const [name, holder, methods] of watched()) for (const method of methods) watch(name, holder, method);
  syncBuiltinESMExports();
  note('begun', 'recorder');
};

function watched() {
  const files = [
    ...['writeFile', 'appendFile', 'mkdir', 'rm', 'rmdir', 'unlink', 'rename', 'symlink', 'link', 'chmod'],
    ...['copyFile', 'cp', 'mkdtemp', 'truncate', 'utimes', 'chown'],
  ];
  const both = [...files, ...files.map((one) => `${one}Sync`)];
  return [
    ['start', childProcess, ['spawnSync', 'execSync', 'execFileSync', 'fork']],
    ['start', childProcess.ChildProcess.prototype, ['spawn']],
    ['start', workers, ['Worker']],
    ['socket', net.Socket.prototype, ['connect']],
    ['socket', net.Server.prototype, ['listen']],
    ['socket', net, ['connect', 'createConnection']],
    ['socket', tls, ['connect']],
    ['socket', dgram, ['createSocket']],
    ['socket', http, ['request', 'get']],
    ['socket', https, ['request', 'get']],
    ['socket', http2, ['connect']],
    ['socket', globalThis, ['fetch', 'WebSocket', 'EventSource']],
    ['socket', dns, ['lookup', 'resolve', 'resolve4', 'resolve6']],
    ['socket', dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6']],
    ['write', fs, [...both, 'createWriteStream']],
    ['write', fs.promises, files],
    ['open', fs, ['open', 'openSync']],
    ['open', fs.promises, ['open']],
  ];
}

/** Puts a note before a method; a class stays one, and a plain reading is no writing. */
function watch(name, holder, method) {
  const real = holder[method];
  if (typeof real !== 'function') return;
  const noted = (given) => {
    if (name !== 'open') note(name, method, given[0]);
    else if (given[1] !== undefined && !['r', 'rs', 0].includes(given[1]) && typeof given[1] !== 'function')
      note('write', method, given[0]);
  };
  const instead = new Proxy(real, {
    apply: (target, self, given) => {
      noted(given);
      return Reflect.apply(target, self, given);
    },
    construct: (target, given, newTarget) => {
      noted(given);
      return Reflect.construct(target, given, newTarget);
    },
  });
  try {
    Object.defineProperty(holder, method, { value: instead, configurable: true, writable: true });
  } catch {
    note('unwatched', method);
  }
}

function note(act, method, about) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = (new Error('here').stack ?? '').split('\n').slice(2);
  Error.stackTraceLimit = limit;
  const shown = typeof about === 'string' ? about : (about?.file ?? '');
  write(open, `${JSON.stringify({ act, method, about: String(shown), stack })}\n`);
}
