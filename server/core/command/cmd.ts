import type { Plain } from './plain.ts';

/** A line for `cmd` that is one plain program; it has no grammar, so anything beyond that is not understood. */
export function readCmd(text: string): Plain {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9_.\\/:=@+,-]+( +[A-Za-z0-9_.\\/:=@+,-]+)*$/.test(trimmed) || trimmed.length > 2000) {
    return { kind: 'unclear', reasons: ['Of `cmd`, only one plain program is understood.'] };
  }
  const words = trimmed.split(/ +/).map((value) => ({ raw: value, value, glob: false }));
  if (internal.has(words[0]?.value.toLowerCase().replace(/[.:/\\=,].*$/, '') ?? '')) {
    return {
      kind: 'unclear',
      reasons: ['It is a word of `cmd` itself, or one that means another program there.'],
    };
  }
  return { kind: 'plain', commands: [{ after: '', assignments: [], words, redirections: [] }] };
}

/** Words of `cmd` itself, and programs of Windows that bear a name of ours. */
const internal: ReadonlySet<string> = new Set(
  'assoc break call cd chdir cls color copy date del dir dpath echo endlocal erase exit expand fc find findstr for ftype goto if keys md mkdir mklink move path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift sort start tee time timeout title tree type ver verify vol where comp convert diskpart format label replace subst'.split(
    ' ',
  ),
);
