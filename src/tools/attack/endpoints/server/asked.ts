import type { OperationTypeNode } from 'graphql';
import type { Persona } from '../../callers/persona.ts';

/** An operation for a running server, of an attack or of a probe. */
export interface Asked {
  readonly text: string;
  readonly operation: OperationTypeNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly persona: Persona;
}
