import { useEffect, useState } from 'react';
import { useSelected, useTexts } from './context.tsx';

const patience = 800;

/** Said when the line is lost for more than a moment. */
export const ConnectionBanner = () => {
  const texts = useTexts();
  const connected = useSelected((state) => state.connected);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (connected) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), patience);
    return () => clearTimeout(timer);
  }, [connected]);
  if (!shown) return null;
  return (
    <div className="banner" role="alert" data-testid="connection-lost">
      {texts.connectionLost}
      <button type="button" className="link" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </div>
  );
};
