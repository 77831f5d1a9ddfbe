import type { ServerProject } from './install.ts';
export function tableTests(_: { project: () => ServerProject; isFull: boolean }): void {}
