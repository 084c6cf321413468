import { Worker } from 'node:worker_threads';
import { fileLimits } from './file-limits.ts';
import type { PdfTask, PdfText } from './pdf-thread.ts';

// Node runs the sources, and refuses TypeScript under node_modules: there the compiled file stands beside this one.
const threadFile = new URL(`./pdf-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Reads PDFs, one after the other: several at once could take the memory of the process together. */
export interface PdfReader {
  /** null: it is damaged, locked, or asked for more time or memory than a file may have. */
  read(bytes: Uint8Array): Promise<PdfText | null>;
}

const readOnce = (bytes: Uint8Array, { pages, characters, milliseconds, megabytes }: PdfLimits) =>
  new Promise<PdfText | null>((resolve) => {
    const workerData: PdfTask = { bytes, pages, characters };
    const worker = new Worker(threadFile, {
      name: 'pdf',
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
      // What the parser has to say of the file is nobody's business.
      stdout: true,
      stderr: true,
    });
    const end = (text: PdfText | null): void => {
      clearTimeout(late);
      resolve(text);
      void worker.terminate();
    };
    const late = setTimeout(() => end(null), milliseconds);
    worker.once('message', (text: PdfText) => end(text));
    worker.once('error', () => end(null));
    worker.once('exit', () => end(null));
  });

export type PdfLimits = Pick<typeof fileLimits, 'pages' | 'characters' | 'milliseconds' | 'megabytes'>;

export const createPdfReader = (limits: { readonly [Name in keyof PdfLimits]: number } = fileLimits): PdfReader => {
  let before: Promise<unknown> = Promise.resolve();
  return {
    read: (bytes) => {
      const mine = before.then(() => readOnce(bytes, limits as PdfLimits));
      before = mine;
      return mine;
    },
  };
};
