import { createContext, use } from 'react';
import { createSelection, type Selection } from './callers/selection.ts';
import { createNeeds, type NeedsService, needsEnvironment } from './needs/needs.ts';
import { createRunServices, type RunServices } from './run/services.ts';
import { browserEnvironment, onWake } from './session/browser.ts';
import type { Callers } from './session/caller.ts';
import { createCallers } from './session/callers.ts';
import type { Settings } from './settings.ts';

/** What every part of the explorer shares. A part adds a member here; no part imports another part's state. */
export interface Services extends RunServices {
  readonly settings: Settings;
  /** The callers of this page. Their tokens are inside. */
  readonly callers: Callers;
  /** Which of the callers the next operation runs as. */
  readonly selection: Selection;
  /** What the operation in the editor needs. */
  readonly needs: NeedsService;
}

/** Makes the services, once for the page. */
export function createServices(settings: Settings): Services {
  const callers = createCallers(settings, browserEnvironment('explorer'));
  onWake(callers.wake);
  const selection = createSelection(callers);
  const needs = createNeeds({ settings, callers, selection }, needsEnvironment);
  return { settings, callers, selection, needs, ...createRunServices({ settings, callers, selection }) };
}

export const ServicesContext = createContext<Services | null>(null);

/** Returns the services of the explorer around a component. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('This component is outside of <Explorer/>');
  return services;
}
