/** Links past the callers, for people who use the keyboard. They show when they have the focus. */
export function SkipLinks() {
  return (
    <nav className="skip-links" aria-label="Skip">
      <button type="button" onClick={() => focus('.graphiql-query-editor .graphiql-editor')}>
        Skip to the editor
      </button>
      <button type="button" onClick={() => focus('#answers')}>
        Skip to the answers
      </button>
    </nav>
  );
}

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}
