import type { BlockAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Texts } from '../../src/i18n/texts.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import type { RoleContext } from '../bot.ts';
import { failedModal, loadingModal } from './modal.ts';

interface Click {
  readonly body: BlockAction;
  readonly client: WebClient;
}

export interface ModalFlow {
  /** A button of a message: a modal opens at once and is filled when `build` is done. */
  open(
    name: string,
    click: Click,
    title: (texts: Texts) => string,
    build: (texts: Texts) => Promise<ModalView>,
  ): Promise<void>;
  /** A control inside a modal: the modal becomes another. */
  turn(name: string, click: Click, build: (texts: Texts) => Promise<ModalView>): Promise<void>;
}

export const createModalFlow = ({ handling, access }: RoleContext): ModalFlow => {
  const textsOf = async (user: string): Promise<Texts> => textsFor(await access.localeOf(user));

  return {
    open: async (name, { body, client }, title, build) => {
      const user = body.user.id;
      const texts = await textsOf(user);
      let viewId: string | undefined;
      const tell = async (message: string): Promise<unknown> => {
        if (viewId) return client.views.update({ view_id: viewId, view: failedModal(title(texts), message, texts) });
        return body.channel ? client.chat.postEphemeral({ channel: body.channel.id, user, text: message }) : undefined;
      };
      await handling.run({ name, user, tell }, async () => {
        const opened = await client.views.open({
          trigger_id: body.trigger_id,
          view: loadingModal(title(texts), texts),
        });
        viewId = opened.view?.id;
        const view = await build(texts);
        if (viewId) await client.views.update({ view_id: viewId, view });
      });
    },

    turn: async (name, { body, client }, build) => {
      const user = body.user.id;
      const texts = await textsOf(user);
      const view = body.view;
      if (!view) return;
      const show = (next: ModalView): Promise<unknown> => client.views.update({ view_id: view.id, view: next });
      const tell = (message: string): Promise<unknown> => show(failedModal(view.title.text, message, texts));
      await handling.run({ name, user, tell }, async () => {
        await show(await build(texts));
      });
    },
  };
};
