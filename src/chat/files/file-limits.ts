/** What of attachments is read; the rest is declined or cut, and said. */
export const fileLimits = {
  /** Files of one question. */
  files: 5,
  textBytes: 1 << 20,
  pdfBytes: 10 << 20,
  /** Of one file's text, UTF-16 code units. */
  characters: 20_000,
  pages: 200,
  /** To fetch a file, and again to read it. */
  milliseconds: 10_000,
  /** Of the thread that reads a PDF: a small file can ask for any amount. */
  megabytes: 256,
} as const;
