import { useTexts } from '../page/context.tsx';

/** Whether a bot is connected; said, not only coloured. */
export const Presence = ({ online }: { online: boolean }) => {
  const texts = useTexts();
  return (
    <span className="presence" data-online={online}>
      <span className="unseen">{online ? texts.online : texts.offline}</span>
    </span>
  );
};
