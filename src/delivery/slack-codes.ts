/** The workspace has no native streaming (https://docs.slack.dev/reference/methods/chat.startStream). */
export const noStreaming = new Set(['unknown_method', 'feature_not_enabled']);

/** The content was refused, not the place: the same message as plain text may pass. */
export const contentRefused = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'metadata_too_large',
  'block_mismatch',
  'no_text',
]);
