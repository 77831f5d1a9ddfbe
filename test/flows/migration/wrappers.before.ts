import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';

interface Context {
  readonly user?: { readonly id: string; readonly role: string };
}
type Resolver = GraphQLFieldResolver<{ readonly ownerId: string }, Context>;

const notes = [
  { id: '1', ownerId: 'ada', text: 'a note of Ada' },
  { id: '2', ownerId: 'grace', text: 'a note of Grace' },
];

const signedIn =
  (resolve: Resolver): Resolver =>
  (note, args, context, info) => {
    if (!context.user) throw new GraphQLError('Sign in first.');
    return resolve(note, args, context, info);
  };

const admin = (resolve: Resolver): Resolver =>
  signedIn((note, args, context, info) => {
    if (context.user?.role !== 'ADMIN') throw new GraphQLError('For administrators.');
    return resolve(note, args, context, info);
  });

const owner =
  (read: (note: { readonly ownerId: string }) => unknown): Resolver =>
  (note, _args, context) => {
    if (context.user?.id !== note.ownerId) throw new GraphQLError('Not yours.');
    return read(note);
  };

export const schema = makeExecutableSchema({
  typeDefs: `
    type Query { notes: [Note]  me: String  report: String }
    type Note { id: ID!  ownerId: ID  text: String }
  `,
  resolvers: {
    Query: {
      notes: () => notes,
      me: signedIn((_source, _args, { user }) => user?.id),
      report: admin(() => 'all is well'),
    },
    Note: { text: owner((note) => notes.find((one) => one === note)?.text) },
  },
});
