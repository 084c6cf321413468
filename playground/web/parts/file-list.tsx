import type { SentFile } from '../../protocol/messages.ts';
import { useTexts } from '../page/context.tsx';
import { Icon } from './icons.tsx';

const sizeOf = (bytes: number): string =>
  bytes < 1_024
    ? `${bytes} B`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1_024)} KB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** Files of a message, or those that will go with the next one; those can be taken away. */
export const FileList = ({ files, onRemove }: { files: readonly SentFile[]; onRemove?: (id: string) => void }) => {
  const texts = useTexts();
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label={texts.files}>
      {files.map(({ id, name, size }) => (
        <li key={id} className="file">
          <Icon name="clip" size={15} />
          <span className="file-name">{name}</span>
          <span className="quiet">{sizeOf(size)}</span>
          {onRemove ? (
            <button
              type="button"
              aria-label={texts.removeFile(name)}
              title={texts.removeFile(name)}
              onClick={() => onRemove(id)}
            >
              <Icon name="close" size={14} />
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
};
