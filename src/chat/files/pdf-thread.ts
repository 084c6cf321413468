import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

export interface PdfTask {
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly characters: number;
}

export interface PdfText {
  readonly text: string;
  readonly cut: boolean;
}

/** Reads one PDF and ends: whatever the file does to the parser, it does it here. */
const read = async ({ bytes, pages, characters }: PdfTask): Promise<PdfText> => {
  const document = await getDocumentProxy(bytes, {
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  let text = '';
  for (let number = 1; number <= document.numPages; number += 1) {
    if (number > pages || text.length > characters) return { text, cut: true };
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    for (const item of items) if ('str' in item) text += item.str + (item.hasEOL ? '\n' : '');
    text += '\n\n';
    page.cleanup();
  }
  return { text, cut: false };
};

parentPort?.postMessage(await read(workerData as PdfTask));
