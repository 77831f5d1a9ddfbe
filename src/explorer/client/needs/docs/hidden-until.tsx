import { Button } from '@graphiql/react';
import { type ReactNode, useState } from 'react';

/** Shows a button instead of its children until the person presses it. */
export function HiddenUntil({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  return isShown ? (
    children
  ) : (
    <Button type="button" onClick={() => setShown(true)}>
      {words}
    </Button>
  );
}
