import type { View } from '../../protocol/interactions.ts';
import type { StoredView } from '../state/views.ts';

export const pageView = ({ id, hash, body }: StoredView): View => ({
  id,
  hash,
  title: body.title?.text ?? '',
  submit: body.submit?.text ?? null,
  close: body.close?.text ?? null,
  blocks: body.blocks,
  callbackId: body.callback_id ?? '',
});
