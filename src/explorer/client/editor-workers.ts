/**
 * Starts the workers of the editor. Their addresses contain hashes, so the server writes them into the page
 * (`<script id="workers">`).
 */
const addresses = JSON.parse(document.getElementById('workers')?.textContent ?? '{}') as Readonly<
  Record<string, string>
>;

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string): Worker {
      const address = addresses[label] ?? addresses['editor'];
      if (address === undefined) throw new Error('The page has no address of the worker of the editor');
      return new Worker(address, { type: 'module', name: label });
    },
  },
});
