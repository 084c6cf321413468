/** The composed part as a process of its own, to be killed. Its parent speaks to it over the IPC channel. */
import { systemClock } from '../../src/clock.ts';
import { compose, type Question } from './support/compose.ts';

const options = JSON.parse(process.argv[2] ?? '{}');
const composed = await compose(options, systemClock);
// The timers of the product do not keep a process alive, the IPC channel does.
process.on('message', (message: { ask: Question } | 'close') => {
  if (message === 'close') {
    void composed.close().then(() => process.disconnect());
    return;
  }
  void composed.ask(message.ask).then((opened) => process.send?.({ opened }));
});
process.send?.({ ready: true });
