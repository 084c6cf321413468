import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chooseCorpus } from '../../src/search/choose-corpus.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { eventually, type TestPerson } from '../support/person.ts';
import { makeHit, makeResult } from '../support/search-result.ts';

const secret = '部外秘の題';
const lab = { name: 'lab', runs: ['lab'] };
let bots: BotsWorkspace;
/** Only the members of a user group, hanako among them, may see what it holds. */
beforeAll(async () => {
  bots = await startBotsWorkspace({
    corporaFor: (group) => [{ ...lab, visibility: { channels: [], userGroups: [group] } }],
  });
});
afterAll(() => bots?.close());

const searches = (): string[] => bots.jobs.filter((job) => job.startsWith('search'));
const lastQuery = async () => (await bots.store.searches.get(searches().at(-1)?.split(' ')[1] ?? ''))?.query;
const find = (person: TestPerson) => person.command(person.channel('playground').id, '/tenkyo', 'find 地震の原因は？');
const found = () => bots.found(makeResult({ corpus: 'lab', hits: [makeHit({ title: secret })] }));

it('is not searched by 🔍 in a channel, even for a member of the group, and says so to them', async () => {
  for (const [person, refusal] of [
    [bots.hanako, /ここで見せてよい学習データがない/],
    [bots.alex, /None of the training data may be shown here/],
  ] as const) {
    const message = await person.send(person.channel('playground').id, '地震の原因は？');
    await person.react(message, 'mag');
    await bots.whisper(person, refusal);
    expect(await person.thread(message.channel, message.ts)).toHaveLength(1);
  }
  expect(searches()).toEqual([]);
});

it('is found by a member of the group for themselves, and by nobody else', async () => {
  await find(bots.alex);
  await bots.whisper(bots.alex, /None of the training data may be shown here/);
  expect(searches()).toEqual([]);

  await find(bots.hanako);
  await found();
  await bots.whisper(bots.hanako, new RegExp(secret));
  expect((await lastQuery())?.corpora).toEqual(['lab']);
  const seen = bots.alex.live.filter((event) => JSON.stringify(event).includes(secret));
  expect(seen).toEqual([]);
});

it('is searched in a direct message with a member of the group, and not in another’s', async () => {
  const inDirect = async (person: TestPerson) => {
    const message = await person.send(person.directMessage('tenkyo-search').id, '地震の原因は？');
    await person.react(message, 'mag');
  };
  const before = searches().length;
  await inDirect(bots.alex);
  await eventually(
    () => bots.alex.live.some((event) => event.type === 'message' && /may be shown here/.test(event.message.text)),
    { what: 'a refusal in the direct message', withinMs: 10_000 },
  );
  expect(searches()).toHaveLength(before);

  await inDirect(bots.hanako);
  await eventually(() => searches().length > before, { what: 'a search', withinMs: 10_000 });
  expect((await lastQuery())?.corpora).toEqual(['lab']);
});

it('is left out where a model’s run would choose it and the place may not see it', () => {
  const visible = [{ name: 'open', runs: [] }];
  expect(chooseCorpus([lab, ...visible], { run: 'lab' }).name).toBe('lab');
  expect(chooseCorpus(visible, { run: 'lab' }).name).toBe('open');
});
