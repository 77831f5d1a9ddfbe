/** A file or database that a backup or restore cannot use. The message is one line for the operator. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}
