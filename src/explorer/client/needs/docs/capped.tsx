import { Button } from '@graphiql/react';
import { type ReactNode, useState } from 'react';

/** The number of elements that a list shows at first. A list of 10,000 elements would make the page slow. */
const firstShown = 200;

/** Shows the first elements of a list, and a button for more. @param noun - what the elements are, in the plural */
export function Capped<T>({
  all,
  noun,
  children,
}: {
  readonly all: readonly T[];
  readonly noun: string;
  readonly children: (element: T) => ReactNode;
}) {
  const [count, setCount] = useState(firstShown);
  return (
    <>
      {all.slice(0, count).map(children)}
      {all.length > count && (
        <Button type="button" onClick={() => setCount(count + 2 * firstShown)}>
          Show more of {all.length} {noun}
        </Button>
      )}
    </>
  );
}
