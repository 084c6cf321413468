const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * What a Slack message says, without what Slack put into it: mentions, channel and group references, emoji codes and
 * the marks of code are taken out, a link is its label, entities are characters again. Never longer than the message.
 */
export const cleanMessage = (message: string): string =>
  message
    .replace(/```(?:[a-z]+\n)?/g, ' ')
    .replace(/<(?:@|#|!)[^<>]*>/g, ' ')
    .replace(/<(?:https?|mailto|tel):[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<(?:https?|mailto|tel):[^<>]*>/g, ' ')
    .replace(/(?<![\p{L}\p{N}:])(?::(?=[^:]*[a-z_+'-])[a-z0-9_+'-]{1,100}:)+(?![\p{L}\p{N}:])/gu, ' ')
    .replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity]!)
    .replace(/[ \t]{2,}/g, ' ')
    .trim();

/** Text for a query: bare addresses and code ticks say nothing of what to look for. */
export const withoutAddresses = (text: string): string =>
  text
    .replace(/https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/g, ' ')
    .replace(/`/g, ' ')
    .trim();
