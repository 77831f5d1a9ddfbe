import { clouds } from './clouds.ts';
import { microsoft } from './microsoft.ts';
import { products } from './products.ts';
import type { RealIssuer } from './shape.ts';

/** The issuers whose tokens are known to be accepted with what src/token/issuers.md says, and whose ID tokens are known to be refused. */
export const realIssuers: readonly RealIssuer[] = [...clouds, ...microsoft, ...products];
