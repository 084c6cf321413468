/** Why a 🔍 came to nothing; said to the one who put it. */
export interface SearchRefusals {
  readonly ownResult: string;
  readonly stillWriting: string;
  readonly noText: string;
  readonly done: string;
  readonly notInChannel: string;
  readonly gone: string;
  readonly failedAnswer: string;
}

export const refusalsJa: SearchRefusals = {
  ownResult: 'これは検索の結果です。調べたい元のメッセージに 🔍 を付けてください。',
  stillWriting: 'まだ書いている途中です。終わってから 🔍 を付け直してください。',
  noText: 'このメッセージには、調べられる文章がありません。',
  done: 'このメッセージはもう調べました。結果はスレッドにあります。',
  notInChannel: 'このチャンネルに私がいないので、調べられません。/invite で招待してください。',
  gone: 'この検索の記録が見つかりません。もう一度 🔍 を付けてください。',
  failedAnswer: 'この答えは書けなかったので、調べるものがありません。',
};

export const refusalsEn: SearchRefusals = {
  ownResult: 'This is a search result. Put 🔍 on the message that you want to look up.',
  stillWriting: 'It is still being written. Put 🔍 on it again when it is done.',
  noText: 'There is no text in this message to search for.',
  done: 'This message has been searched for already; the result is in its thread.',
  notInChannel: 'I am not in this channel, so I cannot search for it. Please /invite me.',
  gone: 'There is no record of this search. Put 🔍 on the message again.',
  failedAnswer: 'This answer could not be written, so there is nothing to search for.',
};
