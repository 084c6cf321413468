import { useCallback, useMemo, useState } from 'react';
import type { Message } from '../../protocol/messages.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { BlockHost } from '../blocks/host.tsx';
import { type Values, valuesOf } from '../blocks/values.ts';
import { useTexts } from '../page/context.tsx';
import { FileList } from './file-list.tsx';
import { Markdown, Mrkdwn } from './text-blocks.tsx';

const MessageBlocks = ({ message }: { message: Message }) => {
  const { channel, ts, blocks } = message;
  const [entered, setEntered] = useState<Values>({});
  const values = useMemo(() => valuesOf(blocks, entered), [blocks, entered]);
  const container = useMemo(() => ({ type: 'message' as const, channel, ts }), [channel, ts]);
  const onEnter = useCallback((change: (values: Values) => Values) => setEntered(change), []);
  return (
    <BlockHost container={container} values={values} onEnter={onEnter}>
      <Blocks blocks={blocks} />
    </BlockHost>
  );
};

/** Text and blocks. A mrkdwn text that has blocks is only their summary; Markdown stands above its blocks. */
export const MessageBody = ({ message }: { message: Message }) => {
  const texts = useTexts();
  const { text, blocks, markdown, streaming } = message;
  const shown = text !== '' && (markdown || blocks.length === 0);
  return (
    <div className="body" data-testid="message-text" aria-busy={streaming}>
      {shown && markdown ? <Markdown text={text} /> : null}
      {shown && !markdown ? <Mrkdwn text={text} /> : null}
      {streaming ? <span className="writing" role="img" aria-label={texts.writing} /> : null}
      <FileList files={message.files} />
      {blocks.length > 0 ? <MessageBlocks message={message} /> : null}
    </div>
  );
};
