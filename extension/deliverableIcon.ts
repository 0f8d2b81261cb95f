/** The codicon of a type of deliverable. */
export function deliverableIcon(type: string): string {
  return icons[type] ?? 'package';
}

const icons: Readonly<Record<string, string | undefined>> = {
  code: 'code',
  website: 'globe',
  video: 'device-camera-video',
  document: 'file-text',
  image: 'file-media',
  audio: 'unmute',
};
