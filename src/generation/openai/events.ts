import { createParser, ParseError } from 'eventsource-parser';

/** A single event longer than this is no token of a model. */
const longestEvent = 4 << 20;

/**
 * The data of the events in a response's body, in order, up to `[DONE]` or the end. Characters may be cut anywhere
 * between two pieces. Leaving the loop closes the connection.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const events: string[] = [];
  let failure: unknown = null;
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ data }) => events.push(data),
    onError: (error) => {
      // llama.cpp has sent its errors as a field of their own; any other unknown line is no event.
      if (error instanceof ParseError && error.type === 'unknown-field') {
        if (error.field === 'error') events.push(`{"error":${error.value}}`);
      } else failure = error;
    },
  });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const data of events.splice(0)) {
      if (data === '[DONE]') return;
      yield data;
    }
    if (failure !== null) throw failure;
  }
  // A last event without the empty line after it: servers that are cut leave one, and some always do.
  parser.feed(`${decoder.decode()}\n\n`);
  for (const data of events) if (data !== '[DONE]') yield data;
}
