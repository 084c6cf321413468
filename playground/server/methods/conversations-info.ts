import { conversation } from './conversations-shape.ts';
import { findChannel } from './find.ts';
import type { Method } from './method.ts';

/** https://docs.slack.dev/reference/methods/conversations.info */
export const conversationsInfo: Method = (call) => ({ channel: conversation(call, findChannel(call)) });
