import assert from 'node:assert/strict';

/** Fails where a sink holds a secret: as it is, encoded, escaped or moved on by one letter. */
export function nowhere(secrets: readonly string[], sinks: Readonly<Record<string, unknown>>): void {
  for (const [sink, content] of Object.entries(sinks)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    for (const secret of secrets) {
      for (const [form, written] of Object.entries(formsOf(secret))) {
        const at = text.indexOf(written);
        assert.ok(
          at < 0,
          `${sink} holds ${secret} (${form}): ${text.slice(Math.max(0, at - 200), at + 100)}`,
        );
      }
    }
  }
}

function formsOf(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret);
  return {
    plain: secret,
    base64: bytes.toString('base64').slice(0, 24),
    hex: bytes.toString('hex'),
    moved: secret.replaceAll(/[a-y]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 1)),
  };
}
