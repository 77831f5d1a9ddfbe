import { createContext, use } from 'react';
import type { Settings } from './settings.ts';

/** What every part of the explorer shares. A part adds a member here; no part imports another part's state. */
export interface Services {
  readonly settings: Settings;
}

/** Makes the services, once for the page. */
export function createServices(settings: Settings): Services {
  return { settings };
}

export const ServicesContext = createContext<Services | null>(null);

/** Returns the services of the explorer around a component. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('This component is outside of <Explorer/>');
  return services;
}
