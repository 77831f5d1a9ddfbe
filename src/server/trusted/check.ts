import { setImmediate as pause } from 'node:timers/promises';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { OperationSteps } from '../../api/operation/operation.ts';
import type { TrustedDocument } from './read.ts';

/** The steps that a document passes before its execution, by its form of answer. */
export interface StepsByForm {
  readonly single: OperationSteps;
  readonly stream: OperationSteps;
}

/** The largest number of faults that one check reports. */
const maxFaults = 50;

/**
 * Parses and validates documents, with the limits of requests. Other work of the process may run between two documents.
 *
 * @returns the faults. A fault has the manifest, the line and the ID
 */
export async function documentFaults(documents: Iterable<TrustedDocument>, steps: StepsByForm): Promise<string[]> {
  const faults: string[] = [];
  for (const document of documents) {
    await pause();
    const fault = faultOf(document.text, steps);
    if (fault === null) continue;
    if (faults.length === maxFaults) return [...faults, 'trustedDocuments: there are more faults'];
    faults.push(`${document.place}: ${fault}`);
  }
  return faults;
}

function faultOf(text: string, steps: StepsByForm): string | null {
  try {
    const document = parse(text, steps.single.parseOptions);
    const [error, ...others] = errorsOf(document, steps);
    if (error === undefined) return null;
    return described(error) + (others.length > 0 ? ` (and ${others.length} more)` : '');
  } catch (error) {
    if (error instanceof GraphQLError) return described(error);
    if (error instanceof RangeError) return 'the document is nested too deep to be checked';
    throw error;
  }
}

function errorsOf(document: DocumentNode, { single, stream }: StepsByForm): readonly GraphQLError[] {
  const operation = getOperationAST(document);
  if (!operation && !document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
    return [new GraphQLError('expected an operation; found only fragments')];
  }
  const { schema, validationRules } = operation?.operation === OperationTypeNode.SUBSCRIPTION ? stream : single;
  return validate(schema, document, [...specifiedRules, ...validationRules]);
}

function described({ message, locations }: GraphQLError): string {
  const [at] = locations ?? [];
  return message.replaceAll(/\s+/g, ' ') + (at ? ` (line ${at.line}, column ${at.column} of the document)` : '');
}
