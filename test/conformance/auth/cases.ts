import type { AuthCase } from './case.ts';
import { inputCases } from './input.cases.ts';
import { operationCases } from './operation.cases.ts';
import { outputCases } from './output.cases.ts';
import { valueCases } from './value.cases.ts';

/** All cases of the conformance table. */
export const authCases: readonly AuthCase[] = [...outputCases, ...inputCases, ...valueCases, ...operationCases];
