import type { ApiContext } from './context.ts';

/**
 * Creates one value for each request, such as a DataLoader, when the request first uses it.
 *
 * ```ts
 * const ordersById = perRequest(() => new DataLoader((ids: readonly string[]) => findOrders(database, ids)));
 * // in a resolver: (line, _arguments, context) => ordersById(context).load(line.orderId)
 * ```
 *
 * @param make - makes the value of a request
 * @returns a function of the context that returns the same value for the same request. The value lives as long as the
 * context
 */
export function perRequest<Value extends object>(make: (context: ApiContext) => Value): (context: ApiContext) => Value {
  const values = new WeakMap<ApiContext, Value>();
  return (context) => {
    const value = values.get(context) ?? make(context);
    values.set(context, value);
    return value;
  };
}
