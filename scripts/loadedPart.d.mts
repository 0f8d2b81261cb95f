/** What a system loads of a program; anything else than a 64-bit ELF file stays as it is. */
export function loadedPart(bytes: Uint8Array): Uint8Array;
