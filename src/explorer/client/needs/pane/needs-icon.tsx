/** The icon of the pane: a key. */
export function NeedsIcon() {
  return (
    <svg
      viewBox="0 0 16 16"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      <circle cx="5" cy="8" r="3" />
      <path d="M8 8h6.5M12 8v3M14.5 8v2" strokeLinecap="round" />
    </svg>
  );
}
