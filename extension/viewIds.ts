/** The views of the extension as package.json contributes them. */
export const viewIds = {
  chat: 'butler.chat',
  abilities: 'butler.abilities',
  jobs: 'butler.jobs',
  published: 'butler.published',
  activity: 'butler.activity',
} as const;
