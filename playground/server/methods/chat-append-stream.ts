import { append, extend } from '../conversation/stream.ts';
import { SlackFault } from '../slack-fault.ts';
import type { Method } from './method.ts';
import { checkSize, findStream, readAddition } from './stream-content.ts';

/** https://docs.slack.dev/reference/methods/chat.appendStream */
export const chatAppendStream: Method = (call) => {
  const message = findStream(call);
  if (call.workspace.sessions.isCut(message.channel, message.ts)) throw new SlackFault('stopped_by_user');
  const addition = readAddition(call);
  if (addition.text === '' && addition.blocks.length === 0) throw new SlackFault('no_text');
  checkSize(extend(message, addition));
  append(call.workspace, message, addition);
  return { channel: message.channel, ts: message.ts };
};
