/** The resolvers that are the same before and after the migration. */
export const resolvers = {
  Query: {
    frontPage: () => [{ name: 'orange', count: 10 }],
    fruits: () => [
      { name: 'orange', count: 10 },
      { name: 'apple', count: 1 },
    ],
    customers: () => [
      { id: '1', isOpen: true, basket: [{ name: 'orange', count: 1 }] },
      { id: '2', isOpen: false, basket: [{ name: 'apple', count: 2 }] },
    ],
  },
  Mutation: { addFruitToBasket: () => true },
};
