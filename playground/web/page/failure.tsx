import type { Texts } from '../i18n/texts.ts';

/** The workspace could not be reached at all. */
export const Failure = ({ texts, detail }: { texts: Texts; detail?: string }) => (
  <main className="whole-page" role="alert">
    <p>{texts.loadFailed}</p>
    {detail ? <p className="quiet">{detail}</p> : null}
    <button type="button" className="button" onClick={() => location.reload()}>
      {texts.reload}
    </button>
  </main>
);
