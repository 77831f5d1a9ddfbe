/**
 * Stands in the bundle for `subscriptions-transport-ws`, which `@apollo/sandbox` imports. The server does not speak that
 * protocol, and this page refuses it before the package could use it.
 */
export function SubscriptionClient(): never {
  throw new Error('The server does not speak the protocol subscriptions-transport-ws: choose graphql-ws');
}
