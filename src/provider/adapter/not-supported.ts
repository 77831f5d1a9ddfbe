/** Stands for a method of an adapter that the library never calls for the model. @returns a rejected promise */
export function notSupported(): Promise<undefined> {
  return Promise.reject(new Error('The authorization server asked its store for something that it never needs'));
}
