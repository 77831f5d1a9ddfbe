/** Wrong usage of a command. The command prints the message in one line and exits with 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}
