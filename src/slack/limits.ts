/**
 * Slack's limits: characters are UTF-16 code units, sizes are bytes, times are milliseconds. The presenters stay under
 * them and the local workspace refuses what is over them. Where Slack documents none, the number is one that was
 * reported to work; it says so.
 */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const BLOCKS_PER_MESSAGE = 50;
/** https://docs.slack.dev/reference/views */
export const BLOCKS_PER_VIEW = 100;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const SECTION_TEXT = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const SECTION_FIELDS = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const SECTION_FIELD_TEXT = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const HEADER_TEXT = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
export const CONTEXT_ELEMENTS = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const ACTIONS_ELEMENTS = 25;
/** https://docs.slack.dev/reference/block-kit/blocks/context-actions-block */
export const CONTEXT_ACTIONS_ELEMENTS = 5;
/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block (Slack counts all markdown blocks of a message). */
export const MARKDOWN_PER_MESSAGE = 12_000;
/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export const TABLE_ROWS = 100;
/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export const TABLE_COLUMNS = 20;
/** https://docs.slack.dev/reference/block-kit/blocks/image-block */
export const IMAGE_ALT_TEXT = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/input-block */
export const INPUT_LABEL = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks */
export const BLOCK_ID = 255;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const ACTION_ID = 255;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const BUTTON_TEXT = 75;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const BUTTON_VALUE = 2_000;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const OPTION_TEXT = 75;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const OPTION_VALUE = 150;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const OPTIONS_PER_SELECT = 100;

/** https://docs.slack.dev/reference/methods/chat.postMessage (longer text is cut, with a warning). */
export const POST_TEXT = 40_000;
/** https://docs.slack.dev/reference/methods/chat.update */
export const UPDATE_TEXT = 4_000;
/** `markdown_text` of one call: https://docs.slack.dev/reference/methods/chat.appendStream */
export const MARKDOWN_TEXT = 12_000;
/** Serialized `event_payload` of a message's metadata; about 4,000 bytes was reported to be refused. */
export const METADATA_BYTES = 4_000;
/** From the start of a native stream to Slack's closing it; reported, not documented. */
export const STREAM_LIFETIME_MS = 5 * 60_000;
/** https://docs.slack.dev/reference/methods/assistant.threads.setStatus */
export const STATUS_LIFETIME_MS = 2 * 60_000;
/** https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts */
export const SUGGESTED_PROMPTS = 4;
/** What a prompt's button shows; https://docs.slack.dev/reference/app-manifest. */
export const SUGGESTED_PROMPT_TITLE = 75;

/** https://docs.slack.dev/reference/views */
export const VIEW_BYTES = 250_000;
/** https://docs.slack.dev/reference/methods/views.push */
export const VIEW_STACK = 3;
/** https://docs.slack.dev/reference/views/modal-views */
export const VIEW_PRIVATE_METADATA = 3_000;
/** Title, submit and close: https://docs.slack.dev/reference/views/modal-views */
export const VIEW_TITLE = 24;
/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const TRIGGER_LIFETIME_MS = 3_000;
/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const ACK_WITHIN_MS = 3_000;
/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const RESPONSE_URL_LIFETIME_MS = 30 * 60_000;
/** https://docs.slack.dev/interactivity/handling-user-interaction */
export const RESPONSE_URL_USES = 5;
/** https://docs.slack.dev/apis/events-api/using-socket-mode */
export const SOCKETS_PER_APP = 10;
