/** The types that functions of this room take, for rooms that pass them on and may not import `store/`. */
export type { Page, PageOf, Position } from '../store/pages.ts';
export type { Store } from '../store/tables.ts';
