import { useTexts } from '../page/context.tsx';
import { asString, type Fields } from './read.ts';

/** Pictures inside the message itself or from this workspace; nothing is fetched from elsewhere. */
const isOwn = (address: string): boolean =>
  /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/i.test(address) || /^\/(?![/\\])/.test(address);

const hostOf = (address: string): string => {
  try {
    return new URL(address).host;
  } catch {
    return '?';
  }
};

/** An `image`, small beside a text or large as a block. */
export const ImageElement = ({ element, large = false }: { element: Fields; large?: boolean }) => {
  const texts = useTexts();
  const address = asString(element.image_url);
  const alt = asString(element.alt_text);
  if (isOwn(address)) return <img className={large ? 'image-large' : 'image-small'} src={address} alt={alt} />;
  return (
    <span className="quiet image-elsewhere">
      {alt ? `${alt} — ` : null}
      {texts.imageElsewhere(hostOf(address))}
    </span>
  );
};
