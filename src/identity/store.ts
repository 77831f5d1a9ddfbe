/** What functions of this room take, for the rooms above it, which pass it on and may not look inside. */
export type { Page, PageOf, Position } from '../store/pages.ts';
export type { Store } from '../store/tables.ts';
