import { publishMarker } from '../tools/files/ripgrep.ts';

/** The file in a published folder that says which publication stands there. */
export const markerName = publishMarker;
