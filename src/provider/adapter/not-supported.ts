/**
 * The adapters use this function for methods that the library never calls for their models. @returns a rejected promise
 */
export function notSupported(): Promise<undefined> {
  return Promise.reject(new Error('oidc-provider called a method that the adapter of this model does not support'));
}
