import { clouds } from './clouds.ts';
import { microsoft } from './microsoft.ts';
import { products } from './products.ts';
import type { RealIssuer } from './shape.ts';

/**
 * Real issuers. Their access tokens are accepted with the configuration in src/token/issuers.md, and their ID tokens
 * are refused.
 */
export const realIssuers: readonly RealIssuer[] = [...clouds, ...microsoft, ...products];
