import { useTexts } from '../page/context.tsx';

/** Says what is not drawn, so that nobody looks for a fault in the bot. */
export const UnknownBlock = ({ type }: { type: string }) => {
  const texts = useTexts();
  return <p className="quiet unknown-block">{texts.unknownBlock(type || '?')}</p>;
};
