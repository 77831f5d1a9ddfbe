import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { StartError } from '../errors.ts';
import { authDirectivesNamed } from '../auth/directive.ts';
import type { GivenSchemaOptions } from '../auth/guarded-schema.ts';
import type { PrincipalContext } from '../request/context.ts';
import { membersOf } from '../protocol/options/object.ts';
import { type ApiOptions, apiSettings, createGuardedApi, type GuardedApi } from '../request/guarded-api.ts';
import { innerRequest } from '../request/incoming-request.ts';
import { planPlugin } from './plan.ts';

/** The options of `createGuardedApi`, except the schema, which NestJS makes. */
export type NestApiOptions = Omit<GivenSchemaOptions, 'schema' | 'modules'> & ApiOptions;

/** The options of NestJS's `GraphQLModule.forRoot` with its Apollo driver. */
export interface NestOptions {
  /** The SDL of the directives, for a schema in SDL. */
  readonly typeDefs: string;
  readonly transformSchema: (schema: GraphQLSchema) => GraphQLSchema;
  readonly context: (request: unknown) => Promise<PrincipalContext>;
  readonly plugins: ApolloServerPlugin[];
}

const notGuarded =
  'nestOptions: the schema is not guarded; expected the option transformSchema of GraphQLModule to be the one of nestOptions';

/**
 * Makes the options of NestJS's `GraphQLModule.forRoot` with its Apollo driver. With them, the module serves a guarded
 * copy of its schema, makes the context of each request, and decides each operation before it runs.
 *
 * If you set one of these options yourself, join it with the value of these options.
 *
 * @param options - the options of `createGuardedApi`, without the schema
 */
export function nestOptions(options: NestApiOptions): NestOptions {
  let api: GuardedApi | undefined;
  let plugin: ApolloServerPlugin | undefined;
  return {
    typeDefs: authDirectivesNamed(options.directives ?? {}),
    transformSchema(schema) {
      api = createGuardedApi({ ...options, ...membersOf(apiSettings, options), schema });
      plugin = planPlugin(api, api.challenge);
      return api.schema;
    },
    async context(request) {
      if (!api) throw new StartError([notGuarded]);
      return api.context(innerRequest(request));
    },
    plugins: [
      {
        async serverWillStart(server) {
          if (!plugin) throw new StartError([notGuarded]);
          await plugin.serverWillStart?.(server);
        },
        async requestDidStart(request) {
          if (!plugin) throw new StartError([notGuarded]);
          return plugin.requestDidStart?.(request);
        },
      },
    ],
  };
}
