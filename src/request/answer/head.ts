/** The status and the headers of an HTTP answer that is not complete yet. Apollo Server's `response.http` is one. */
export interface AnswerHead {
  /** Default: 200. */
  status?: number | undefined;
  readonly headers: { set(name: string, value: string): unknown };
}
