import type { Message } from '../../protocol/messages.ts';
import { isRoot } from './messages.ts';
import type { State } from './state.ts';

/** Where a newcomer stands: the question they asked, the answer it got, the 🔍 on it and what that found. */
export interface FirstSteps {
  readonly question: Message | null;
  readonly answer: Message | null;
  readonly marked: boolean;
  readonly result: Message | null;
}

/**
 * Reads the steps off the conversation itself, so that it makes no difference whether the person pressed the card's
 * buttons or did the same by hand.
 */
export const firstSteps = ({ messages, me, people }: Pick<State, 'messages' | 'me' | 'people'>): FirstSteps => {
  const all = Object.values(messages).flatMap((channel) => Object.values(channel));
  const sorted = all.filter(({ ephemeralFor }) => ephemeralFor === null).sort((a, b) => (a.ts < b.ts ? 1 : -1));
  const isBot = (user: string): boolean => people[user]?.isBot ?? false;
  const mentioned = (text: string): boolean => [...text.matchAll(/<@([A-Z0-9]+)/g)].some(([, id]) => isBot(id ?? ''));
  const question = sorted.find((each) => each.user === me.id && isRoot(each) && mentioned(each.text)) ?? null;
  const replies = question
    ? sorted.filter((each) => each.channel === question.channel && each.threadTs === question.ts && isBot(each.user))
    : [];
  const first = replies.at(-1) ?? null;
  // The newest answer of the one that answered first; what another bot says after it is about it.
  const answer = replies.find((each) => each.user === first?.user && !each.streaming) ?? null;
  const marked = replies.some(({ reactions }) =>
    reactions.some(({ name, users }) => name === 'mag' && users.includes(me.id)),
  );
  const result = (marked && replies.find((each) => each.user !== first?.user)) || null;
  return { question, answer, marked, result };
};
