/** What the programs of OpenSSH are told of this process: where the system is, no agent and nothing secret. */
export function sshEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  askpass?: string,
): Record<string, string> {
  const kept = windows.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]));
  return {
    ...(process.platform === 'win32' ? Object.fromEntries(kept) : { PATH: '/usr/bin:/bin' }),
    LC_ALL: 'C',
    ...(askpass === undefined ? {} : { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' }),
  };
}

const windows = ['SystemRoot', 'SystemDrive', 'ComSpec', 'ProgramData', 'USERPROFILE', 'TEMP', 'TMP', 'Path'];
