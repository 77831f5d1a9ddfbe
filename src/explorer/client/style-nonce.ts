/**
 * Gives the nonce of the page to each `<style>` that a script creates. The policy of the page allows only style elements
 * with this nonce, and the libraries of the editor do not set it. Import this module before them.
 */
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
const createElement = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};
