/**
 * Makes a look-up by route, method and a small number. It builds no key, because a key takes longer than the rest of
 * what a line or a count of a request takes.
 *
 * @param make - makes the value of a combination that has none
 * @param maxValues - further values are made again for each look-up. Default: no limit, if the caller has one
 */
export function byRequest<Value>(
  make: (route: string, method: string, number: number) => Value,
  maxValues: number = Infinity,
): (route: string, method: string, number: number) => Value {
  const values = new Map<string, Map<string, Map<number, Value>>>();
  let count = 0;
  const add = (route: string, method: string, number: number): Value => {
    const value = make(route, method, number);
    if (count >= maxValues) return value;
    count += 1;
    const ofRoute = values.get(route) ?? new Map<string, Map<number, Value>>();
    const ofMethod = ofRoute.get(method) ?? new Map<number, Value>();
    values.set(route, ofRoute.set(method, ofMethod.set(number, value)));
    return value;
  };
  // Most requests are like the request before.
  let latest: {
    readonly route: string;
    readonly method: string;
    readonly number: number;
    readonly value: Value;
  } | null = null;
  return (route, method, number) => {
    if (latest !== null && latest.route === route && latest.method === method && latest.number === number) {
      return latest.value;
    }
    const value = values.get(route)?.get(method)?.get(number) ?? add(route, method, number);
    latest = { route, method, number, value };
    return value;
  };
}
