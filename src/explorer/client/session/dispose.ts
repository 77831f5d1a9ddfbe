/** Ends a client of `graphql-ws`. Its promise rejects if the socket breaks while it is opened, and this is no fault. */
export function disposeClient(client: { readonly dispose: () => unknown } | null | undefined): void {
  Promise.resolve(client?.dispose()).catch(() => {});
}
