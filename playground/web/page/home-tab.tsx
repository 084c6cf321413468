import { useEffect, useMemo, useState } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { BlockHost } from '../blocks/host.tsx';
import type { Values } from '../blocks/values.ts';
import { useSelected, useSession, useTexts } from './context.tsx';

const noErrors = {};

/** What an app shows a person beside their messages; made by the app each time it is opened. */
export const HomeTab = ({ app }: { app: string }) => {
  const session = useSession();
  const texts = useTexts();
  const view = useSelected((state) => state.homes[app]);
  const [entered, setEntered] = useState<Values>({});
  useEffect(() => void session.openHome(app), [session, app]);
  const viewId = view?.id ?? '';
  const container = useMemo(() => ({ type: 'view' as const, viewId }), [viewId]);
  return (
    <div className="home" role="tabpanel" aria-label={texts.homeTab} data-testid="home">
      {view === undefined ? (
        <p className="quiet">{texts.homeEmpty}</p>
      ) : (
        <BlockHost container={container} values={entered} onEnter={setEntered} errors={noErrors}>
          <Blocks blocks={view.blocks} />
        </BlockHost>
      )}
    </div>
  );
};
