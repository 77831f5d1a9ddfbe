import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLDirective, GraphQLSchema } from 'graphql';
import { StartError } from '../errors.ts';
import { authDirectivesNamed, directiveObjects } from '../auth/directive.ts';
import { namesOf } from '../auth/directive-names.ts';
import type { GivenSchemaOptions } from '../auth/guarded-schema.ts';
import type { PrincipalContext } from '../request/context.ts';
import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { type Check, membersOf } from '../protocol/options/object.ts';
import { renamedSchemaOptions } from '../auth/schema-options.ts';
import { type ApiOptions, apiSettings, createGuardedApi, type GuardedApi } from '../request/guarded-api.ts';
import { innerRequest } from '../request/incoming-request.ts';
import { lostInNest } from './nest-losses.ts';
import { planPlugin } from './plan.ts';

/** The options of `createGuardedApi`, except the schema, which NestJS makes. */
export type NestApiOptions = Omit<GivenSchemaOptions, 'schema' | 'modules'> & ApiOptions;

/** The options of NestJS's `GraphQLModule.forRoot` with its Apollo driver. */
export interface NestOptions {
  /** The SDL of the directives, for a schema in SDL. */
  readonly typeDefs: string;
  /** The definitions of the directives, for a schema in code. `@Directive('@auth(…)')` needs them. */
  readonly buildSchemaOptions: { readonly directives: GraphQLDirective[] };
  readonly transformSchema: (schema: GraphQLSchema) => GraphQLSchema;
  readonly context: (request: unknown) => Promise<PrincipalContext>;
  readonly plugins: ApolloServerPlugin[];
}

const notGuarded =
  'nestOptions: the schema is not guarded; expected the option transformSchema of GraphQLModule to be the one of nestOptions';

const madeByNest: Check = function* (_value, place) {
  yield `${place}: expected no such option, because NestJS makes the schema and gives it to transformSchema`;
};

const checkNestOptions = optionsOf<Parameters<typeof createGuardedApi>[0]>(
  { ...apiSettings, schema: { check: madeByNest }, modules: { check: madeByNest } },
  renamedSchemaOptions,
);

/**
 * Makes the options of NestJS's `GraphQLModule.forRoot` with its Apollo driver. With them, the module serves a guarded
 * copy of its schema, makes the context of each request, and decides each operation before it runs.
 *
 * If you set one of these options yourself, join it with the value of these options.
 *
 * With a schema in code, the rules are written with `@Directive`. NestJS drops some `@Extensions`. If it dropped a rule,
 * the schema is refused, as far as the loss can be seen.
 *
 * @param options - the options of `createGuardedApi`, without the schema
 * @throws StartError with all faults of the options. `transformSchema` throws it for the faults of the issuers and of the
 * schema
 */
export function nestOptions(options: NestApiOptions): NestOptions {
  checkOptions('nestOptions', options, checkNestOptions);
  const names = namesOf(options.directives);
  let api: GuardedApi | undefined;
  let plugin: ApolloServerPlugin | undefined;
  return {
    typeDefs: authDirectivesNamed(options.directives ?? {}),
    buildSchemaOptions: { directives: directiveObjects(options.directives ?? {}) },
    transformSchema(schema) {
      const check = (copy: GraphQLSchema) => [...lostInNest(copy, names), ...(options.check?.(copy) ?? [])];
      api = createGuardedApi({ ...options, ...membersOf(apiSettings, options), schema, check });
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
