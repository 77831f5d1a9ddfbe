/** The message that makes a waiting process start the server. */
export interface ToServer {
  /** Whether it is the first start of the command. */
  readonly isFirst: boolean;
}

/** The message of a process whose server is listening. */
export interface FromServer {
  readonly is: 'ready';
}
