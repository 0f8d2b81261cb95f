import path from 'node:path';
import { markerName } from '../../../server/adapters/targets/marker.ts';

/** Files by their paths without our marker, which bears the execution and the time. */
export function withoutMarker(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => path.basename(name) !== markerName));
}
