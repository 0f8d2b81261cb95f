// Installs the system's own packages that tests need, where that can be done without asking.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Makes sure that Debian packages are here, each known by a file of it; says the exact line where it cannot. */
export function installDebian(packages) {
  const lacking = Object.entries(packages).filter(([, proof]) => !existsSync(proof));
  if (lacking.length === 0) return;
  const names = lacking.map(([name]) => name);
  const line = `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(
      `${names.join(' and ')} must be installed first. On Debian or Ubuntu: sudo sh -c '${line}'`,
    );
  }
  const ran = spawnSync('sh', ['-c', line], {
    stdio: 'inherit',
    // In the level for repairs no package starts its server.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  if (ran.status !== 0) throw new Error(`This failed: ${line}`);
}

/** What holds commands on Linux, and what reaches single hosts out of it. */
export function installSandbox() {
  if (process.platform === 'linux') installDebian({ bubblewrap: '/usr/bin/bwrap', socat: '/usr/bin/socat' });
}

/** Servers that tests start on their own ports; what a package would start by itself stays down. */
export function installServers() {
  if (process.platform !== 'linux') return;
  installDebian({
    lighttpd: '/usr/sbin/lighttpd',
    'lighttpd-mod-webdav': '/usr/lib/lighttpd/mod_webdav.so',
    openssl: '/usr/bin/openssl',
    'openssh-client': '/usr/bin/ssh-keyscan',
    'openssh-server': '/usr/sbin/sshd',
    'proftpd-core': '/usr/sbin/proftpd',
    'proftpd-mod-crypto': '/usr/lib/proftpd/mod_tls.so',
  });
}

if (process.argv[1] === import.meta.filename) {
  try {
    installSandbox();
    installServers();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
