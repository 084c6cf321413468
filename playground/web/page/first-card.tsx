import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { encodeText, showMentions } from '../data/compose.ts';
import { firstSteps } from '../data/first-steps.ts';
import { Icon } from '../parts/icons.tsx';
import { usePage, useSelected, useTexts } from './context.tsx';

interface StepProps {
  readonly number: number;
  readonly done: boolean;
  /** The first that is not done. */
  readonly next: boolean;
  readonly title: string;
  readonly children: ReactNode;
}

const Step = ({ number, done, next, title, children }: StepProps) => {
  const texts = useTexts();
  return (
    <li data-done={done} data-next={next}>
      <p className="step-title">
        <span className="step-number" aria-hidden="true">
          {done ? <Icon name="check" size={13} /> : number}
        </span>
        {title}
        {done ? <span className="unseen">{texts.done}</span> : null}
      </p>
      {children}
    </li>
  );
};

/** For who comes the first time: ask, put 🔍 on the answer, see what it read. Each step can be pressed. */
export const FirstCard = ({ channel }: { channel: string }) => {
  const { session, preferences } = usePage();
  const texts = useTexts();
  const me = useSelected((state) => state.me);
  const people = useSelected((state) => state.people);
  const messages = useSelected((state) => state.messages);
  const suggestions = useSelected((state) => state.suggestions);
  // Who came through all three steps finds no card the next time.
  const [finished] = useState(() => {
    const { asked, marked, read } = preferences.remembered(me.id);
    return asked && marked && read;
  });
  const [ticks, setTicks] = useState(() => preferences.remembered(me.id));
  const steps = useMemo(() => firstSteps({ messages, me, people }), [messages, me, people]);
  const { question, answer, marked, result } = steps;

  useEffect(() => {
    setTicks((now) => {
      const next = { asked: now.asked || question !== null, marked: now.marked || marked };
      return next.asked === now.asked && next.marked === now.marked ? now : preferences.remember(me.id, next);
    });
  }, [question, marked, preferences, me.id]);

  // After a reload the answers of a thread are not there until it is opened: then the mark waits for them.
  const [marking, setMarking] = useState(false);
  useEffect(() => {
    if (!marking || !question) return;
    session.go({ channel: question.channel, thread: question.ts });
    if (!answer) return;
    setMarking(false);
    void session.react(answer, 'mag', true);
  }, [marking, question, answer, session]);

  const questions = suggestions.filter((each) => each.channel === channel && each.locale === me.locale);
  if (finished || ticks.cardClosed || questions.length === 0) return null;
  const bots = Object.values(people).filter(({ isBot }) => isBot);
  const shown = questions.map(({ text }) => showMentions(text, people));
  const asked = bots.find(({ name, displayName }) =>
    shown.some((text) => text.startsWith(`@${name}`) || text.startsWith(`@${displayName}`)),
  );
  const ask = (text: string): void =>
    session.send({ channel, threadTs: null, text: encodeText(text, people, session.getState().channels) });
  const read = (): void => {
    if (!result) return;
    session.go({ channel: result.channel, thread: result.threadTs, target: result.ts });
    setTicks(preferences.remember(me.id, { read: true }));
  };
  return (
    <aside className="first-card" aria-label={texts.firstTitle} data-testid="first-card">
      <button
        type="button"
        className="icon-button"
        aria-label={texts.close}
        title={texts.close}
        onClick={() => setTicks(preferences.remember(me.id, { cardClosed: true }))}
      >
        <Icon name="close" size={16} />
      </button>
      <h3>{texts.firstTitle}</h3>
      <ol>
        <Step number={1} done={ticks.asked} next={!ticks.asked} title={texts.firstAsk(asked?.displayName ?? '…')}>
          {shown.map((text) => (
            <button
              key={text}
              type="button"
              className="button step-button"
              title={texts.firstAskHint}
              data-step="ask"
              onClick={() => ask(text)}
            >
              {asked ? text.replace(`@${asked.displayName}`, '').replace(`@${asked.name}`, '').trim() : text}
            </button>
          ))}
        </Step>
        <Step number={2} done={ticks.marked} next={ticks.asked && !ticks.marked} title={texts.firstMark}>
          <button
            type="button"
            className="button step-button"
            data-step="mark"
            disabled={!answer && !question?.replyCount}
            title={answer ? texts.firstMarkHint : texts.firstMarkWaits}
            onClick={() => setMarking(true)}
          >
            {answer || question?.replyCount ? texts.firstMarkDo : texts.firstMarkWaits}
          </button>
        </Step>
        <Step number={3} done={ticks.read} next={ticks.asked && ticks.marked} title={texts.firstRead}>
          <button
            type="button"
            className="button step-button"
            data-step="read"
            disabled={!result}
            title={result ? texts.firstReadHint : texts.firstReadWaits}
            onClick={read}
          >
            {result ? texts.firstReadDo : texts.firstReadWaits}
          </button>
        </Step>
      </ol>
    </aside>
  );
};
