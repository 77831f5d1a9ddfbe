/** Milliseconds since the epoch. */
export type Time = number;

/** A JSON document as text. */
export type Json = string;
