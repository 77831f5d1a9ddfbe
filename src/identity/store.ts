/** The types of parameters of this room. Rooms that may not import `store/` import them from here. */
export type { Page, PageOf, Position } from '../store/pages.ts';
export type { Store } from '../store/tables.ts';
