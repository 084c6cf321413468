import type { Notice } from '../data/state.ts';

/** Every word of the page. The texts of bots are their own. */
export interface Texts {
  readonly loading: string;
  readonly loadFailed: string;
  readonly loadHistoryFailed: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly connectionLost: string;

  readonly actingAs: string;
  readonly admin: string;
  readonly member: string;
  readonly channels: string;
  readonly directs: string;
  readonly unread: string;
  readonly online: string;
  readonly offline: string;
  readonly app: string;
  readonly you: string;
  readonly back: string;
  readonly members: (count: number) => string;
  readonly directWith: (name: string) => string;
  readonly messagesTab: string;
  readonly homeTab: string;
  readonly homeEmpty: string;
  readonly skipToMessage: string;

  readonly conversation: (name: string) => string;
  readonly emptyChannel: (name: string) => string;
  readonly emptyDirect: (name: string) => string;
  readonly today: string;
  readonly yesterday: string;
  readonly newMessages: string;
  readonly olderMessages: string;
  readonly announce: (name: string, text: string) => string;

  readonly edited: string;
  readonly onlyYou: string;
  readonly dismiss: string;
  readonly sending: string;
  readonly notSent: string;
  readonly retry: string;
  readonly discard: string;
  readonly writing: string;
  readonly replies: (count: number) => string;
  readonly lastReply: (time: string) => string;
  readonly messageFrom: (name: string, time: string) => string;

  readonly messageActions: string;
  readonly searchThis: string;
  readonly react: (emoji: string) => string;
  readonly moreReactions: string;
  readonly reply: string;
  readonly shortcuts: string;
  readonly editMessage: string;
  readonly deleteMessage: string;
  readonly deleteQuestion: string;
  readonly save: string;
  readonly reactionBy: (emoji: string, names: string) => string;
  readonly unknownPerson: string;

  readonly thread: string;
  readonly threadMessages: string;
  readonly closeThread: string;
  readonly status: (name: string, status: string) => string;
  readonly stop: string;
  readonly stopBot: (name: string) => string;

  readonly writeTo: (name: string) => string;
  readonly writeReply: string;
  readonly send: string;
  readonly sendHint: string;
  readonly suggestions: string;
  readonly attach: string;
  readonly files: string;
  readonly removeFile: (name: string) => string;
  readonly unknownCommand: (command: string) => string;
  readonly commandInThread: string;

  readonly firstTitle: string;
  readonly firstAsk: (name: string) => string;
  readonly firstMark: string;
  readonly firstRead: string;
  readonly firstMarkDo: string;
  readonly firstReadDo: string;
  readonly firstAskHint: string;
  readonly firstMarkHint: string;
  readonly firstReadHint: string;
  readonly firstMarkWaits: string;
  readonly firstReadWaits: string;
  readonly done: string;
  readonly close: string;

  readonly cancel: string;
  readonly confirmYes: string;
  readonly requiredField: string;
  readonly optional: string;
  readonly choose: string;
  readonly more: string;
  readonly unknownBlock: (type: string) => string;
  readonly imageElsewhere: (host: string) => string;
  readonly opensElsewhere: string;
  readonly submitting: string;

  readonly notice: Readonly<Record<Notice['about'], string>>;
}
