import { useTexts, useTimes } from '../page/context.tsx';

const dayLength = 86_400_000;

/** Between two days. */
export const DayLine = ({ at }: { at: number }) => {
  const texts = useTexts();
  const times = useTimes();
  const now = Date.now();
  let day = times.day(at);
  if (times.sameDay(at, now)) day = texts.today;
  else if (times.sameDay(at, now - dayLength)) day = texts.yesterday;
  return (
    <div className="day">
      <span>{day}</span>
    </div>
  );
};
