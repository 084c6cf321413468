import type { WebClient } from '@slack/web-api';
import type { Config } from '../../src/config/config.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import { SUGGESTED_PROMPT_TITLE, SUGGESTED_PROMPTS } from '../../src/slack/limits.ts';
import { graphemeBoundary } from '../../src/text/graphemes.ts';
import type { RoleContext } from '../bot.ts';

export interface PromptsOptions {
  readonly suggestions: Config['suggestions'];
}

/**
 * Questions to begin with, in the person's language, where they write to the app directly: beside the messages of an
 * agent, and in the threads of the older assistant view (https://docs.slack.dev/ai/developing-ai-apps).
 */
export const registerPrompts = ({ bolt, access, handling }: RoleContext, { suggestions }: PromptsOptions): void => {
  const offer = async (
    client: WebClient,
    user: string,
    place: { readonly channel_id: string; readonly thread_ts?: string },
  ): Promise<void> => {
    const locale = await access.localeOf(user);
    const own = suggestions.filter((suggestion) => suggestion.locale === locale);
    const prompts = (own.length > 0 ? own : suggestions).slice(0, SUGGESTED_PROMPTS).map(({ text }) => ({
      title: text.slice(0, graphemeBoundary(text, SUGGESTED_PROMPT_TITLE, 0)),
      message: text,
    }));
    if (prompts.length === 0) return;
    const title = textsFor(locale).answer.promptsTitle;
    // By name: the SDK's own method insists on a thread, which an agent's messages have none of.
    await client.apiCall('assistant.threads.setSuggestedPrompts', { ...place, title, prompts });
  };

  bolt.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'messages') return;
    const { user, channel } = event;
    await handling.run({ name: 'prompts', user }, () => offer(client, user, { channel_id: channel }));
  });
  bolt.event('assistant_thread_started', async ({ event, client }) => {
    const { user_id: user, channel_id, thread_ts } = event.assistant_thread;
    await handling.run({ name: 'prompts', user }, () => offer(client, user, { channel_id, thread_ts }));
  });
};
