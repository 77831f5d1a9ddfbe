/** The resolvers that are the same before and after the migration. */
export const resolvers = {
  Query: {
    users: () => [
      { name: 'Ada', banned: false, canPost: true },
      { name: 'Grace', banned: true, canPost: false },
    ],
    version: () => '1.0',
  },
};
