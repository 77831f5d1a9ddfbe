import type { ApiContext } from './context.ts';

/**
 * Something that each request has of its own, such as a DataLoader, made at its first use.
 *
 * ```ts
 * const ordersById = perRequest(() => new DataLoader((ids: readonly string[]) => findOrders(database, ids)));
 * // in a resolver: (line, _arguments, context) => ordersById(context).load(line.orderId)
 * ```
 *
 * @returns a function of the context that gives the same value for the same request. It lives as long as the context does.
 */
export function perRequest<Value extends object>(make: (context: ApiContext) => Value): (context: ApiContext) => Value {
  const values = new WeakMap<ApiContext, Value>();
  return (context) => {
    const value = values.get(context) ?? make(context);
    values.set(context, value);
    return value;
  };
}
