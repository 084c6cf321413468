/**
 * A moment that Slack shows in each reader's own time zone; the fallback says it in UTC.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 *
 * @param at milliseconds since the epoch
 */
export const slackDate = (at: number): string =>
  `<!date^${Math.floor(at / 1_000)}^{date_short_pretty} {time}|${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC>`;
