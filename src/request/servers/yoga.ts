import type { GraphQLError, GraphQLSchema } from 'graphql';
import { checkServedSchema } from '../../auth/guarded-mark.ts';
import { checkOptions } from '../../protocol/options/check-options.ts';
import { withFunctions } from '../../protocol/options/kinds.ts';
import { isRecord } from '../../protocol/record.ts';
import type { GuardedApi } from '../guarded-api.ts';
import type { PrincipalContext } from '../context.ts';
import { innerRequest } from '../incoming-request.ts';
import type { RequestedOperation } from '../operation.ts';
import { withoutRepeats } from '../repeated-denials.ts';

const checkApi = withFunctions('the result of createGuardedApi', 'context', 'check');

/** The plugin of GraphQL Yoga: the hooks of Envelop that it uses, with the part of their arguments that it reads. */
export interface YogaPlugin {
  onSchemaChange(payload: { readonly schema: GraphQLSchema }): void;
  onContextBuilding(payload: {
    readonly context: unknown;
    readonly extendContext: (context: PrincipalContext) => void;
  }): Promise<void>;
  onExecute(payload: { readonly args: RequestedOperation }): {
    onExecuteDone(payload: { readonly result: unknown; readonly setResult: (result: never) => void }): void;
  };
  onSubscribe(payload: { readonly args: RequestedOperation }): void;
}

/**
 * Makes the plugin for GraphQL Yoga. It makes the context of each request, decides each operation before it runs, and
 * removes repeated denials from answers. It uses the request of Node if Yoga has it, because the request of the Fetch
 * API joins two `Authorization` headers.
 *
 * The schema enforces its rules without this plugin too, but then every caller is anonymous. Yoga does not start with the
 * plugin if its schema is not guarded.
 *
 * @param api - the result of `createGuardedApi`
 * @throws StartError if `api` is another value
 */
export function yogaPlugin(api: Pick<GuardedApi, 'context' | 'check'>): YogaPlugin {
  checkOptions('yogaPlugin', api, checkApi);
  return {
    onSchemaChange({ schema }) {
      checkServedSchema('yogaPlugin', schema);
    },
    async onContextBuilding({ context, extendContext }) {
      const { req, request } = isRecord(context) ? context : {};
      extendContext(await api.context(innerRequest(req ?? request)));
    },
    onExecute({ args }) {
      api.check(args);
      return {
        onExecuteDone({ result, setResult }) {
          if (!isRecord(result) || !Array.isArray(result['errors'])) return;
          const errors = withoutRepeats(result['errors'] as readonly GraphQLError[]);
          // The type of results is Yoga's own.
          if (errors.length < result['errors'].length) setResult({ ...result, errors } as never);
        },
      };
    },
    onSubscribe({ args }) {
      api.check(args);
    },
  };
}
