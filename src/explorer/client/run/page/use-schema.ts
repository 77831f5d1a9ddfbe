import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** Reads the schema again as another caller while the page has no schema. Some servers show it only to some callers. */
export function useSchemaOfCallers(callerId: string | undefined): void {
  const actions = useGraphiQLActions();
  const isMissing = useGraphiQL(({ schema, isIntrospecting }) => !schema && !isIntrospecting);
  const last = useRef(callerId);
  useEffect(() => {
    if (last.current === callerId) return;
    last.current = callerId;
    if (isMissing) void actions.introspect();
  }, [callerId, isMissing, actions]);
}
