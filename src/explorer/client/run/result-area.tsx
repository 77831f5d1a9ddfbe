/** The area below the answer. */
export function ResultArea() {
  return null;
}
