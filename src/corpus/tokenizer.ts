/** The tokenizer that made a corpus's token ids. */
export interface Tokenizer {
  /** Special tokens included; what is no id of it throws. */
  decode(ids: readonly number[]): string;
  /** Tokens of a text, without any that a model puts around it. */
  count(text: string): number;
  /** The id that `--append-eod` puts after every document; null: none. */
  readonly endOfDocument: number | null;
}
