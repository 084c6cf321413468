/** Told of every request to Slack's Web API. */
export interface SlackMeter {
  called(method: string, outcome: 'ok' | 'rate limited' | 'http error' | 'unreachable', seconds: number): void;
}

type Fetch = typeof fetch;

const outcomeOf = ({ status }: Response) => {
  if (status === 429) return 'rate limited';
  return status < 400 ? 'ok' : 'http error';
};

/** A method has letters and dots: anything else (an address of a response, a stray path) is counted together. */
const methodOf = (url: Parameters<Fetch>[0]): string => {
  const { pathname } = new URL(url instanceof Request ? url.url : url);
  const last = pathname.split('/').at(-1) ?? '';
  return /^[a-z]+(\.[a-zA-Z]+)+$/.test(last) ? last : 'other';
};

/** `fetch` that tells of each request; the error of one that failed has what fetch threw as its cause. */
export const meteredFetch =
  (meter: SlackMeter | undefined): Fetch =>
  async (url, init) => {
    const began = performance.now();
    const tell = (outcome: Parameters<SlackMeter['called']>[1]): void =>
      meter?.called(methodOf(url), outcome, (performance.now() - began) / 1_000);
    try {
      const response = await fetch(url, init);
      tell(outcomeOf(response));
      return response;
    } catch (cause) {
      tell('unreachable');
      // Kept whole: its code says whether the request was sent.
      throw new Error('request failed', { cause });
    }
  };
