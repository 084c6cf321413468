import type { BlockAction, BlockElementAction, ButtonAction, StaticSelectAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { TenkyoError } from '../../src/errors.ts';
import { type Texts, textsFor } from '../../src/i18n/texts.ts';
import type { Hit, SearchResult } from '../../src/search/result.ts';
import type { RoleContext } from '../bot.ts';
import { createDesk, type DeskOptions } from '../desk.ts';
import { isHere } from '../is-here.ts';
import { refusalText } from '../refuse.ts';
import { actionIds, type HitReference, hitValue, readHitValue } from './actions.ts';
import { createModalFlow } from './modal-flow.ts';
import type { DocumentReadings, PassageContext, ReadingHistory } from './ports.ts';
import { type FoundList, presentContext, readRange } from './present-context.ts';
import type { HitControls } from './present-hit.ts';
import { presentList } from './present-list.ts';
import { presentReadings } from './present-readings.ts';
import { readResult } from './read-result.ts';
import { readViewState, type ViewState } from './view-state.ts';

export interface ResultsOptions extends DeskOptions {
  /** null: the controls are not shown. */
  readonly passages: PassageContext | null;
  readonly readings: ReadingHistory | null;
}

export const controlsOf = ({ passages, readings }: Pick<ResultsOptions, 'passages' | 'readings'>): HitControls => ({
  context: passages !== null,
  readings: readings !== null,
});

/** A row of a run's dump is no document of the run, whatever its number: it was read once, as the hit says. */
const readingsOf = ({ reading }: Hit, history: DocumentReadings | null): DocumentReadings | null => {
  if (reading.state !== 'read' || reading.timesRead !== 1 || reading.first !== reading.last) return history;
  const { run, lastIndex, first } = reading;
  const isThis = history?.iterations.length === 1 && history.iterations[0] === first;
  return isThis ? history : { run, lastIndex, timesRead: 1, iterations: [first], phases: [] };
};

/** Where a control was used; inside a modal Slack names no channel, and the modal itself came from one. */
interface Place {
  readonly team: string | undefined;
  readonly channel: string | null;
}

const placeOf = ({ team, channel }: BlockAction): Place => ({ team: team?.id, channel: channel?.id ?? null });

const gone = (): TenkyoError => new TenkyoError('not_found', 'The search or its hit is not in the store.');

const buttonValue = (action: BlockElementAction): string | undefined => (action as ButtonAction).value;

/** The controls under a search result, and those of its modals; all of them read the stored snapshot. */
export const registerResults = (role: RoleContext, options: ResultsOptions): void => {
  const { bolt, access, handling } = role;
  const { store, passages, readings } = options;
  const controls = controlsOf(options);
  const flow = createModalFlow(role);
  const desk = createDesk(options, role);

  const resultOf = async (searchId: string, place: Place): Promise<SearchResult> => {
    const search = await store.searches.get(searchId);
    // A value that names a search of another place shows nothing of it: what is visible there may not be here.
    const here = search?.team === place.team && (place.channel === null || search?.channel === place.channel);
    const result = search && here ? await readResult(store.hidden, search) : null;
    if (!result) throw gone();
    return result;
  };
  const hitOf = async (
    value: string | undefined,
    place: Place,
  ): Promise<{ reference: HitReference; result: SearchResult; list: FoundList; hit: Hit }> => {
    const reference = readHitValue(value);
    if (!reference) throw gone();
    const result = await resultOf(reference.searchId, place);
    const list = reference.list === 'tuning' ? result.tuning : result;
    const hit = list?.hits.find(({ rank }) => rank === reference.rank);
    if (!list || !hit) throw gone();
    return { reference, result, list, hit };
  };
  const stateOf = (body: BlockAction): ViewState => {
    const state = readViewState(body.view?.private_metadata);
    if (!state) throw gone();
    return state;
  };
  const contextView = async (
    value: string | undefined,
    place: Place,
    { range, page }: Pick<ViewState, 'range' | 'page'>,
    texts: Texts,
  ): Promise<ModalView> => {
    const { reference, result, list, hit } = await hitOf(value, place);
    const found = await passages?.context(hit.passageId, {
      corpus: result.corpus,
      characters: range,
      spans: list.spans.map(({ text }) => text),
    });
    return presentContext(hit, { result, list, found: found ?? null }, { ...reference, range, page }, texts);
  };
  const listView = async (searchId: string, place: Place, page: number, texts: Texts): Promise<ModalView> =>
    presentList(searchId, await resultOf(searchId, place), page, texts, controls);

  bolt.action<BlockAction>(actionIds.context, async ({ ack, body, action, client }) => {
    await ack();
    await flow.open(
      'context',
      { body, client },
      ({ modals }) => modals.context.title,
      (texts) => contextView(buttonValue(action), placeOf(body), { range: 100, page: null }, texts),
    );
  });

  bolt.action<BlockAction>(actionIds.readings, async ({ ack, body, action, client }) => {
    await ack();
    await flow.open(
      'readings',
      { body, client },
      ({ modals }) => modals.readings.title,
      async (texts) => {
        const { result, hit } = await hitOf(buttonValue(action), placeOf(body));
        const { run } = result;
        const history = run && (await readings?.history({ run: run.name, passageId: hit.passageId }));
        return presentReadings(hit, result, readingsOf(hit, history ?? null), texts);
      },
    );
  });

  bolt.action<BlockAction>(actionIds.more, async ({ ack, body, action, client }) => {
    await ack();
    await flow.open(
      'more',
      { body, client },
      ({ modals }) => modals.list.title,
      (texts) => listView(buttonValue(action) ?? '', placeOf(body), 0, texts),
    );
  });

  for (const id of [actionIds.contextPrevious, actionIds.contextNext, actionIds.listContext]) {
    bolt.action<BlockAction>(id, async ({ ack, body, action, client }) => {
      await ack();
      await flow.turn(id, { body, client }, (texts) =>
        contextView(buttonValue(action), placeOf(body), stateOf(body), texts),
      );
    });
  }

  bolt.action<BlockAction>(actionIds.contextRange, async ({ ack, body, action, client }) => {
    await ack();
    await flow.turn('range', { body, client }, (texts) => {
      const { searchId, list, rank, page } = stateOf(body);
      if (rank === null) throw gone();
      const range = readRange((action as StaticSelectAction).selected_option?.value);
      return contextView(hitValue({ searchId, list, rank }), placeOf(body), { range, page }, texts);
    });
  });

  for (const id of [actionIds.contextBack, actionIds.listPrevious, actionIds.listNext]) {
    bolt.action<BlockAction>(id, async ({ ack, body, action, client }) => {
      await ack();
      await flow.turn(id, { body, client }, (texts) =>
        listView(stateOf(body).searchId, placeOf(body), Number(buttonValue(action) ?? 0) || 0, texts),
      );
    });
  }

  bolt.action<BlockAction>(actionIds.retry, async ({ ack, body, action, client }) => {
    await ack();
    const user = body.user.id;
    const tell = async (text: string): Promise<unknown> =>
      body.channel ? client.chat.postEphemeral({ channel: body.channel.id, user, text }) : undefined;
    await handling.run({ name: 'search again', user, tell }, async () => {
      const earlier = await store.searches.get(buttonValue(action) ?? '');
      const locale = await access.localeOf(user);
      if (!earlier || !isHere(earlier, body)) {
        await tell(textsFor(locale).search.refusals.gone);
        return;
      }
      const { team, app, channel, threadTs, messageTs, query } = earlier;
      const again = { team, app, channel, threadTs, messageTs, query, user, locale };
      const { refusal } = await desk.search('retry', action.action_ts, again);
      if (refusal) await tell(refusalText(refusal, textsFor(locale)));
    });
  });
};
