/** A refusal in Slack's words: `{ ok: false, error, … }`. */
export class SlackFault extends Error {
  override readonly name = 'SlackFault';
  readonly code: string;
  /** What was wrong, one line each, as in Slack's `response_metadata.messages`. */
  readonly details: readonly string[];

  constructor(code: string, details: readonly string[] = []) {
    super(code);
    this.code = code;
    this.details = details;
  }

  /** The answer's body. */
  toBody(): Record<string, unknown> {
    return {
      ok: false,
      error: this.code,
      ...(this.details.length > 0 ? { response_metadata: { messages: this.details } } : {}),
    };
  }
}
