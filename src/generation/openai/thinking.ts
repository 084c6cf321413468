/** A piece of what a model wrote: its answer, or what it thought before. */
export interface Said {
  readonly type: 'text' | 'reasoning';
  readonly text: string;
}

/** Tells thinking from answering in a text that comes in pieces. */
export interface ThinkingSplitter {
  push(text: string): Said[];
  /** What was held back when the text ended. */
  end(): Said[];
}

/** Servers that tell the two apart themselves. */
export const noSplitter: ThinkingSplitter = { push: (text) => [{ type: 'text', text }], end: () => [] };

/** The length of the longest end of `text` that one of the markers begins with. */
const markerBegun = (text: string, markers: readonly string[]): number => {
  for (let length = Math.min(text.length, Math.max(...markers.map((each) => each.length)) - 1); length > 0; length--) {
    const end = text.slice(-length);
    if (markers.some((marker) => marker.startsWith(end))) return length;
  }
  return 0;
};

/** A piece, none where there is no text. */
const said = (type: Said['type'], text: string): Said[] => (text === '' ? [] : [{ type, text }]);

/** The place of the first marker in a text and which it is; null: none. */
const firstMarker = (text: string, markers: readonly string[]): { at: number; marker: string } | null => {
  let first: { at: number; marker: string } | null = null;
  for (const marker of markers) {
    const at = text.indexOf(marker);
    if (at >= 0 && (first === null || at < first.at)) first = { at, marker };
  }
  return first;
};

const opening = '<think>';
const closing = '</think>';

/** `<think>…</think>` before the answer, as reasoning models of several families write it. */
export const createThinkSplitter = (): ThinkingSplitter => {
  let waiting = '';
  let state: 'start' | 'thinking' | 'gap' | 'answer' = 'start';

  const step = (): Said[] | null => {
    if (state === 'start') {
      const text = waiting.trimStart();
      if (text.length < opening.length && opening.startsWith(text)) return null;
      state = text.startsWith(opening) ? 'thinking' : 'answer';
      if (state === 'thinking') waiting = text.slice(opening.length);
      return [];
    }
    if (state === 'thinking') {
      const at = waiting.indexOf(closing);
      if (at >= 0) {
        const thought = waiting.slice(0, at);
        waiting = waiting.slice(at + closing.length);
        state = 'gap';
        return said('reasoning', thought);
      }
      const keep = markerBegun(waiting, [closing]);
      const thought = waiting.slice(0, waiting.length - keep);
      waiting = waiting.slice(waiting.length - keep);
      return thought === '' ? null : said('reasoning', thought);
    }
    if (state === 'gap') {
      waiting = waiting.trimStart();
      if (waiting === '') return null;
      state = 'answer';
    }
    const text = waiting;
    waiting = '';
    return text === '' ? null : said('text', text);
  };
  return splitter(
    (text) => {
      waiting += text;
    },
    step,
    () => said(state === 'thinking' ? 'reasoning' : 'text', waiting),
  );
};

const harmony = {
  start: '<|start|>',
  channel: '<|channel|>',
  message: '<|message|>',
  end: '<|end|>',
  return: '<|return|>',
  call: '<|call|>',
};
const harmonyMarkers = Object.values(harmony);
/** A header is a role, a channel and perhaps a type: what is longer is none. */
const longestHeader = 400;

/**
 * Harmony, in which LLM-jp-4 writes: messages with a channel each, `analysis` and `commentary` before `final`. Text that
 * begins without a marker is an answer as it stands: the server has read the channels itself.
 */
export const createHarmonySplitter = (): ThinkingSplitter => {
  let waiting = '';
  let state: 'start' | 'header' | 'body' | 'over' = 'start';
  let channel: Said['type'] = 'text';

  const step = (): Said[] | null => {
    if (state === 'over') {
      waiting = '';
      return null;
    }
    if (state === 'start') {
      const begins = [harmony.start, harmony.channel];
      if (begins.some((marker) => waiting.length < marker.length && marker.startsWith(waiting))) return null;
      state = begins.some((marker) => waiting.startsWith(marker)) ? 'header' : 'body';
      return [];
    }
    if (state === 'header') {
      const at = waiting.indexOf(harmony.message);
      if (at < 0 && waiting.length < longestHeader) return null;
      const header = at < 0 ? '' : waiting.slice(0, at);
      if (at >= 0) waiting = waiting.slice(at + harmony.message.length);
      channel = /<\|channel\|>\s*(analysis|commentary)/.test(header) ? 'reasoning' : 'text';
      state = 'body';
      return [];
    }
    const found = firstMarker(waiting, harmonyMarkers);
    if (found === null) {
      const keep = markerBegun(waiting, harmonyMarkers);
      const text = waiting.slice(0, waiting.length - keep);
      waiting = waiting.slice(waiting.length - keep);
      return text === '' ? null : said(channel, text);
    }
    const text = waiting.slice(0, found.at);
    const rest = waiting.slice(found.at + found.marker.length);
    if (found.marker === harmony.return || found.marker === harmony.call) {
      state = 'over';
      waiting = '';
    } else if (found.marker === harmony.end || found.marker === harmony.message) {
      // A header follows, or nothing.
      state = found.marker === harmony.end ? 'header' : 'body';
      waiting = rest;
    } else {
      state = 'header';
      waiting = waiting.slice(found.at);
    }
    return said(channel, text);
  };
  return splitter(
    (text) => {
      waiting += text;
    },
    step,
    () => (state === 'body' || state === 'start' ? said(channel, waiting) : []),
  );
};

/** @param step takes one step through what waits; null: it needs more text */
const splitter = (add: (text: string) => void, step: () => Said[] | null, end: () => Said[]): ThinkingSplitter => ({
  push(text) {
    add(text);
    const all: Said[] = [];
    for (let next = step(); next !== null; next = step()) all.push(...next);
    return all;
  },
  end,
});
