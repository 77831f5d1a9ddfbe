/** What this room's functions take, for the rooms above it that hand it through and may not look inside. */
export type { Store } from '../store/tables.ts';
