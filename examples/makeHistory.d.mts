/** Makes the sample workspace in a folder that is empty or not there yet; answers its absolute path. */
export function makeSampleWorkspace(folder: string): Promise<string>;
