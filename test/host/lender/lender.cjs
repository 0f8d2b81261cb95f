// An extension that lends two language models to the editor, for the tests: they answer by what they are asked.
const {
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
} = require('vscode');

const model = (id, maxInputTokens) => ({
  ...{ id, name: `The ${id}`, family: 'test', version: '1', maxInputTokens, maxOutputTokens: 1000 },
  capabilities: { toolCalling: true, imageInput: true },
});

const said = (message) => message.content.map((part) => part.value ?? '').join('');

const answers = {
  'say hello': ({ tell }) => tell(new LanguageModelTextPart('Hel'), new LanguageModelTextPart('lo.')),
  'read both': ({ tell }) =>
    tell(
      ...['a.md', 'b.md'].map((path) => new LanguageModelToolCallPart(`c-${path}`, 'read_file', { path })),
    ),
  'what is it': ({ tell, last }) => {
    const image = last.content.find((part) => part.mimeType === 'image/png');
    tell(new LanguageModelTextPart(image ? `A picture of ${image.data.length} bytes.` : 'Nothing.'));
  },
  'wait for ever': ({ tell, token }) => {
    tell(new LanguageModelTextPart('He'));
    return new Promise((_resolve, reject) =>
      token.onCancellationRequested(() => reject(new Error('stopped by the test'))),
    );
  },
  'reach the quota': () => {
    throw new Error('You have exceeded your premium request quota.');
  },
  'be signed out': () => {
    throw new Error('Please sign in to use this model.');
  },
};

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    lm.registerLanguageModelChatProvider('lender', {
      provideLanguageModelChatInformation: () => [model('small', 4000), model('large', 64_000)],
      async provideLanguageModelChatResponse({ id }, messages, { tools }, progress, token) {
        const last = messages.at(-1);
        const tell = (...parts) => {
          for (const part of parts) progress.report(part);
        };
        const result = last.content.find((part) => part instanceof LanguageModelToolResultPart);
        if (result) return tell(new LanguageModelTextPart(`It says ${said(result)}.`));
        if (said(last) === 'tell what came') {
          const came = { id, system: said(messages[0]), tools: tools?.map(({ name }) => name) };
          return tell(new LanguageModelTextPart(JSON.stringify(came)));
        }
        await answers[said(last)]?.({ tell, token, last });
      },
      provideTokenCount: async (_model, text) => (typeof text === 'string' ? text : said(text)).length,
    }),
  );
};
