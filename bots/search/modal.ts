import type { KnownBlock, ModalView } from '@slack/types';
import type { Texts } from '../../src/i18n/texts.ts';
import { plain, section } from '../../src/slack/blocks.ts';
import { BLOCKS_PER_VIEW } from '../../src/slack/limits.ts';
import { type ViewState, writeViewState } from './view-state.ts';

export const modal = (
  title: string,
  blocks: readonly KnownBlock[],
  state: ViewState | null,
  { modals }: Texts,
): ModalView => ({
  type: 'modal',
  title: plain(title),
  close: plain(modals.close),
  ...(state === null ? {} : { private_metadata: writeViewState(state) }),
  blocks: blocks.slice(0, BLOCKS_PER_VIEW),
});

/** Opened at once, because a trigger lives three seconds; what was asked for takes its place. */
export const loadingModal = (title: string, texts: Texts): ModalView =>
  modal(title, [section(texts.modals.loading)], null, texts);

export const failedModal = (title: string, message: string, texts: Texts): ModalView =>
  modal(title, [section(message)], null, texts);
