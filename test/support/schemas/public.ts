import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { githubSdl } from '../github.ts';
import { annotated } from './annotate.ts';

/** Returns the schema of Shopify's storefronts, as it is published. */
export function shopifyStorefront(): string {
  return kept('shopify-storefront');
}

/** Returns the schema of Nautical Commerce, as it is published. */
export function nauticalCommerce(): string {
  return kept('nautical-commerce');
}

/** Returns the schema of Shopify's storefronts with rules. */
export function shopifySdl(): string {
  return annotated(shopifyStorefront());
}

/** Returns the schema of Nautical Commerce with rules. */
export function nauticalSdl(): string {
  return annotated(nauticalCommerce());
}

/** The published schemas of real products, with rules. */
export const publicSchemas = { github: githubSdl, shopify: shopifySdl, nautical: nauticalSdl } as const;

function kept(name: string): string {
  return brotliDecompressSync(readFileSync(join(import.meta.dirname, `${name}.graphql.br`))).toString('utf8');
}
