/** A command that was not given what it needs: told in a line, with the exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}
