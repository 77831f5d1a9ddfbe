import { boundCases } from './bound.cases.ts';
import type { TokenCase } from './case.ts';
import { claimCases } from './claim.cases.ts';
import { encodingCases } from './encoding.cases.ts';
import { headerCases } from './header.cases.ts';
import { signatureCases } from './signature.cases.ts';

/** All cases of the token table. */
export const tokenCases: readonly TokenCase[] = [
  ...signatureCases,
  ...headerCases,
  ...encodingCases,
  ...claimCases,
  ...boundCases,
];
