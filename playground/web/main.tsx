import { createRoot } from 'react-dom/client';
import { createPreferences } from './data/preferences.ts';
import { textsFor } from './i18n/catalogue.ts';
import { App } from './page/app.tsx';
import { Failure } from './page/failure.tsx';
import { readSeed } from './page/seed.ts';

const root = document.getElementById('root');
if (root) {
  const seed = readSeed(document);
  createRoot(root).render(
    seed ? (
      <App seed={seed} preferences={createPreferences(sessionStorage, localStorage)} />
    ) : (
      <Failure texts={textsFor(navigator.language.startsWith('ja') ? 'ja-JP' : 'en-US')} />
    ),
  );
}
