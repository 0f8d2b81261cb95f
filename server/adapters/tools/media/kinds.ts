/** A kind of file by its first bytes. */
export interface FileKind {
  readonly name: string;
  readonly ending: string;
}

/** What a made file is, by its first bytes and not by what a service says; `null` where it is none that is known. */
export function typeOf(bytes: Uint8Array): FileKind | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return kinds.find(({ begins }) => begins.test(head)) ?? null;
}

const kinds: readonly (FileKind & { readonly begins: RegExp })[] = [
  { name: 'PNG', ending: '.png', begins: /^\x89PNG\r\n/ },
  { name: 'JPEG', ending: '.jpg', begins: /^\xff\xd8\xff/ },
  { name: 'WebP', ending: '.webp', begins: /^RIFF[\s\S]{4}WEBP/ },
  { name: 'GIF', ending: '.gif', begins: /^GIF8/ },
  { name: 'WAV', ending: '.wav', begins: /^RIFF[\s\S]{4}WAVE/ },
  { name: 'MP4', ending: '.mp4', begins: /^[\s\S]{4}ftyp/ },
  { name: 'WebM', ending: '.webm', begins: /^[^ -\xff]E\xdf\xa3/ },
  { name: 'MP3', ending: '.mp3', begins: /^(ID3|\xff[\xe2-\xfb])/ },
];
