import { createStamps } from '../../protocol/stamps.ts';
import type { ApiContext } from './context.ts';

/**
 * Creates one value, such as a DataLoader, for each context, at its first use. Each request has its own context. Each
 * operation or event of a stream also has its own context.
 *
 * ```ts
 * const ordersById = perRequest(() => new DataLoader((ids: readonly string[]) => findOrders(database, ids)));
 * // in a resolver: (line, _arguments, context) => ordersById(context).load(line.orderId)
 * ```
 *
 * @param make - makes the value of a context
 * @returns a function that returns the value of a context. The value lives as long as the context
 */
export function perRequest<Value extends object>(make: (context: ApiContext) => Value): (context: ApiContext) => Value {
  const values = createStamps<Value>(); // A `WeakMap` would keep the values of all requests until a full collection.
  return (context) => {
    const known = values.get(context);
    if (known !== undefined) return known;
    const value = make(context);
    values.set(context, value);
    return value;
  };
}
