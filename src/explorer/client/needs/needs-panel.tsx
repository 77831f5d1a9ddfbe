/** Watches the editor, and marks in it what an operation needs. Rendered once, inside GraphiQL's provider. */
export function NeedsPanel() {
  return null;
}
