import type { Standing } from '../comparison/bradley-terry.ts';
import type { ComparisonMode, Winner } from '../store/feedback-records.ts';
import { counted, createFormat } from './format.ts';

/** What a person chose, as they saw it. */
export type Choice = 'a' | 'b' | 'tie' | 'both_bad';

/** Blind comparisons. Names given to these functions are mrkdwn already; titles and buttons of modals ≤ 24 characters. */
export interface ComparisonTexts {
  /** Begins the thread; `person` is a mention. */
  asked(person: string, mode: ComparisonMode): string;
  readonly writing: string;
  readonly ready: string;
  readonly voteButton: string;
  votes(count: number): string;
  failed(reason: string, id: string): string;
  readonly begun: string;
  readonly noPairs: string;
  readonly noText: string;
  /** The app may not write where it was asked. */
  readonly notHere: string;
  readonly gone: string;
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  readonly labels: Readonly<Record<ComparisonMode, string>>;
  readonly choose: string;
  readonly choices: Readonly<Record<Choice, string>>;
  readonly votedOnce: string;
  voted(choice: string): string;
  revealed(names: { a: string; b: string }): string;
  tally(names: { first: string; second: string }, tally: Readonly<Record<Winner, number>>): string;
  readonly tableTitle: string;
  readonly noVotes: string;
  standing(place: number, standing: Standing, name: string): string;
  readonly tableNote: string;
  group(number: number): string;
  readonly separate: string;
}

const ja = createFormat('ja');
const en = createFormat('en');

export const comparisonJa: ComparisonTexts = {
  asked: (person, mode) =>
    mode === 'chat'
      ? `⚖️ ${person} さんの質問に、2 つのモデルが名前を隠して答えます。`
      : `⚖️ ${person} さんの書き出しに、2 つのモデルが名前を隠して続きを書きます。`,
  writing: '2 つの答えを書いています…',
  ready: '⚖️ 2 つの答えができました。どちらが良いか、名前を見ないで選んでください。',
  voteButton: '読み比べて投票する',
  votes: (count) => `投票 ${ja.number(count)} 件 · 名前は投票のあとに見えます`,
  failed: (reason, id) =>
    `⚠️ 比べられませんでした: ${reason}。しばらくしてもう一度試すか、管理者に id を伝えてください。(id: ${id})`,
  begun: '⚖️ 始めました。2 つの答えがそろうと、スレッドに投票のボタンが出ます。',
  noPairs:
    '比べるものが設定されていません。tenkyo.yaml の `comparisons` に書くか、`/tenkyo compare モデル1 モデル2 質問` と指定してください。',
  noText: 'この投稿には、比べるための文がありません。',
  notHere: 'ここには書き込めません。チャンネルにこのアプリを招待してから、もう一度試してください。',
  gone: 'この比較の記録が見つかりません。',
  title: '答えの比較',
  submit: '投票する',
  close: '閉じる',
  labels: { chat: '質問', continuation: '書き出し' },
  choose: 'どちらが良いですか',
  choices: { a: 'A が良い', b: 'B が良い', tie: '同じくらい', both_bad: 'どちらも良くない' },
  votedOnce: '投票は 1 人 1 回です。送ると名前が見えるので、あとから変えられません。',
  voted: (choice) => `あなたの投票: *${choice}*`,
  revealed: ({ a, b }) => `*A* は ${a}\n*B* は ${b}`,
  tally: ({ first, second }, tally) =>
    `全員の投票: ${first} ${ja.number(tally.first)} · ${second} ${ja.number(tally.second)} · 同じくらい ${ja.number(tally.tie)} · どちらも良くない ${ja.number(tally.both_bad)}`,
  tableTitle: '名前を隠した比較の結果',
  noVotes: 'まだ投票がありません。`/tenkyo compare 質問` で始められます。',
  standing: (place, { rating, low, high, wins, losses, ties, bothBad }, name) =>
    `${ja.number(place)}. ${name}  *${ja.number(rating)}* (${ja.number(low)}–${ja.number(high)}) · ${ja.number(wins)} 勝 ${ja.number(losses)} 敗 ${ja.number(ties + bothBad)} 分`,
  tableNote:
    'Bradley–Terry の強さ (平均 1,000、400 の差で勝ち目 10 倍) と 95 % の区間。票が少ないうちは区間が広くなります。',
  group: (number) => `グループ ${ja.number(number)}`,
  separate: '違うグループのモデルは、間接にも比べられていないので、点を比べられません。',
};

export const comparisonEn: ComparisonTexts = {
  asked: (person, mode) =>
    mode === 'chat'
      ? `⚖️ Two models answer ${person}, their names hidden.`
      : `⚖️ Two models go on with what ${person} wrote, their names hidden.`,
  writing: 'Writing two answers…',
  ready: '⚖️ Two answers are ready. Which is better? Choose without seeing the names.',
  voteButton: 'Compare and vote',
  votes: (count) => `${counted(count, 'vote', 'votes', en.number(count))} · names are shown after the vote`,
  failed: (reason, id) =>
    `⚠️ There is nothing to compare: ${reason}. Try again later, or give an admin the id. (id: ${id})`,
  begun: '⚖️ Begun. When both answers are there, the thread shows a button to vote.',
  noPairs:
    'Nothing to compare is configured. Declare `comparisons` in tenkyo.yaml, or name two: `/tenkyo compare MODEL1 MODEL2 QUESTION`.',
  noText: 'This message has no text to compare answers to.',
  notHere: 'I may not write here. Invite this app to the channel and try again.',
  gone: 'There is no record of this comparison.',
  title: 'Compare answers',
  submit: 'Vote',
  close: 'Close',
  labels: { chat: 'Question', continuation: 'Beginning' },
  choose: 'Which is better?',
  choices: { a: 'A is better', b: 'B is better', tie: 'About the same', both_bad: 'Both are bad' },
  votedOnce: 'One vote each. It shows the names, so it cannot be changed afterwards.',
  voted: (choice) => `Your vote: *${choice}*`,
  revealed: ({ a, b }) => `*A* is ${a}\n*B* is ${b}`,
  tally: ({ first, second }, tally) =>
    `All votes: ${first} ${en.number(tally.first)} · ${second} ${en.number(tally.second)} · about the same ${en.number(tally.tie)} · both bad ${en.number(tally.both_bad)}`,
  tableTitle: 'Blind comparisons',
  noVotes: 'No votes yet. Begin with `/tenkyo compare QUESTION`.',
  standing: (place, { rating, low, high, wins, losses, ties, bothBad }, name) =>
    `${en.number(place)}. ${name}  *${en.number(rating)}* (${en.number(low)}–${en.number(high)}) · ${en.number(wins)} won, ${en.number(losses)} lost, ${en.number(ties + bothBad)} tied`,
  tableNote:
    'Strength by Bradley–Terry (mean 1,000; 400 points are odds of ten to one) with its 95 % interval, which is wide while votes are few.',
  group: (number) => `Group ${en.number(number)}`,
  separate:
    'Models of different groups were never compared, not even through others: their points say nothing of each other.',
};
