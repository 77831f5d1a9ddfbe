import type { Adapter } from 'oidc-provider';
import { artifactAdapter } from './artifact-adapter.ts';
import { clientAdapter } from './client-adapter.ts';
import { grantAdapter } from './grant-adapter.ts';
import type { AdapterOptions } from './options.ts';
import { interactionAdapter, sessionAdapter } from './sign-in-adapters.ts';

/**
 * Returns a function that makes the adapter of a model of oidc-provider. An adapter stores and finds the objects of its
 * model.
 */
export function adapterFactory(options: AdapterOptions): (model: string) => Adapter {
  return (model) => {
    if (model === 'Client') return clientAdapter(options);
    if (model === 'Grant') return grantAdapter(options);
    if (model === 'Session') return sessionAdapter(options);
    if (model === 'Interaction') return interactionAdapter(options);
    return artifactAdapter(options, model);
  };
}
