/** The input of a call from its JSON: an object, `{}` where nothing was said, `undefined` where it cannot be read. */
export function inputIn(json: string): Record<string, unknown> | undefined {
  if (json.trim() === '') return {};
  try {
    const input: unknown = JSON.parse(json);
    return isRecord(input) ? input : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
