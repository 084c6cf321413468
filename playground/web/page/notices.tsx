import { Icon } from '../parts/icons.tsx';
import { useSelected, useSession, useTexts } from './context.tsx';

/** What went wrong with something the person pressed; stays until it is put away. */
export const Notices = () => {
  const session = useSession();
  const texts = useTexts();
  const notices = useSelected((state) => state.notices);
  return (
    <div className="notices" role="alert">
      {notices.map(({ id, about, detail }) => (
        <p key={id} className="notice">
          <span>
            {texts.notice[about]} {detail}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label={texts.dismiss}
            title={texts.dismiss}
            onClick={() => session.dropNotice(id)}
          >
            <Icon name="close" size={16} />
          </button>
        </p>
      ))}
    </div>
  );
};
