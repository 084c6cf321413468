import type { PageSeed } from '../../protocol/page.ts';

/** What the server wrote into the page; null when the page was not served by it. */
export const readSeed = (document: Pick<Document, 'getElementById'>): PageSeed | null => {
  try {
    const { token, defaultPerson } = JSON.parse(document.getElementById('tenkyo')?.textContent ?? '') as PageSeed;
    return typeof token === 'string' && typeof defaultPerson === 'string' ? { token, defaultPerson } : null;
  } catch {
    return null;
  }
};
