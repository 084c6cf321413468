import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import { actAs, buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import type { RunningTenkyo } from '../support/running-tenkyo.ts';

const catfishQuestion = '地震の原因はナマズが動くことですか？';
const catfishAnswer = 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。';

type Iterations = Record<string, Record<string, number[]>>;
const oracle = JSON.parse(
  gunzipSync(readFileSync('demo/run/oracle/document_iterations.json.gz')).toString(),
) as Iterations;

/** source → title → sorted iterations, from the oracle and the corpus files alone. */
const iterationsByTitle = (source: string): Map<string, number[]> => {
  const lines = readFileSync(`demo/corpus/${source}.jsonl`, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line, k) => [(JSON.parse(line) as { meta: { title: string } }).meta.title, oracle[source]?.[k] ?? []]),
  );
};

/**
 * What a newcomer does first, from the first question to a new start, whichever way the product runs.
 *
 * @param startTenkyo on a data directory that the suite chose; `end` of what it gives ends all of it
 */
export const firstLight = (name: string, startTenkyo: (data: string) => Promise<RunningTenkyo>): void =>
  describe(name, () => {
    let data: string;
    let tenkyo: RunningTenkyo;
    let hanako: TestPerson;

    const start = async (): Promise<void> => {
      tenkyo = await startTenkyo(data);
      hanako = await actAs(tenkyo);
    };
    const mention = (name: string, text: string): string => `<@${hanako.bot(name).id}> ${text}`;
    const answersOf = async (bot: string, root: Pick<Message, 'channel' | 'ts'>): Promise<Message[]> =>
      (await hanako.thread(root.channel, root.ts)).filter(
        ({ user, ts }) => user === hanako.bot(bot).id && ts !== root.ts,
      );
    /** The nth message of the bot in the thread once it is whole: no more streaming, and holding what is looked for. */
    const answer = (
      bot: string,
      root: Pick<Message, 'channel' | 'ts'>,
      expected: string | RegExp,
      nth = 1,
    ): Promise<Message> =>
      eventually(
        async () => {
          const message = (await answersOf(bot, root))[nth - 1];
          const text = message ? visibleText(message) : '';
          return (
            message &&
            !message.streaming &&
            (typeof expected === 'string' ? text.includes(expected) : expected.test(text)) &&
            message
          );
        },
        { what: `${bot} saying ${expected}` },
      );

    beforeAll(async () => {
      data = mkdtempSync(join(tmpdir(), 'tenkyo-e2e-'));
      await start();
    });
    afterAll(async () => {
      hanako?.close();
      await tenkyo?.end('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    });

    let question: Message;

    it('answers a mention in its thread, in the words of the model', async () => {
      question = await hanako.send(hanako.channel('playground').id, mention('demo-3m-finetuned', catfishQuestion));
      const reply = await answer('demo-3m-finetuned', question, catfishAnswer);
      expect(reply.threadTs).toBe(question.ts);
      await answer('demo-3m-finetuned', question, /demo-3m-finetuned · [\d.]+ 秒 · \d+ トークン/);
    });

    it('answers a follow-up in the thread without a mention, once', async () => {
      await hanako.send(question.channel, 'かぜに抗生物質は効きますか？', question.ts);
      await answer('demo-3m-finetuned', question, /トークン/, 2);
      expect(await answersOf('demo-3m-finetuned', question)).toHaveLength(2);
    });

    it('answers in a direct message', async () => {
      const root = await hanako.send(hanako.directMessage('demo-3m-finetuned').id, catfishQuestion);
      await answer('demo-3m-finetuned', root, catfishAnswer);
    });

    it('shows under 🔍 what the answer resembles, with the true iterations', async () => {
      const [reply] = await answersOf('demo-3m-finetuned', question);
      // Its index is made last; before that a result says that it is not there yet.
      await eventually(() => existsSync(join(data, 'index', 'demo~tuning', 'current')), {
        what: 'the index of tuning data',
        withinMs: 90_000,
      });
      await hanako.react(reply as Message, 'mag');
      const text = visibleText(await answer('tenkyo-search', question, /Rank: 1/));
      expect(text).toContain('学習データに見つかったもの');
      expect(text).toContain('8 字以上の一致はありません');
      expect(text).toContain('demo-3m-finetuned の学習 (1,040 反復)');

      const lines = [
        ...text.matchAll(
          /Search engine: (.+?) \| Rank: (\d+) \| Source: (\w+) \| Iteration: ([\d,]+)\/1,039\n?\s*\*(.+?)\*[^\n]*?(\d+) 回読んだ \(最初 ([\d,]+)、最後 ([\d,]+)\)/g,
        ),
      ];
      expect(lines.length).toBeGreaterThanOrEqual(3);
      for (const [, engines, , source, shown, title, times, first, last] of lines) {
        expect(engines).toMatch(
          /^(Exact Match|Keyword Search|Vector Search)( \+ (Exact Match|Keyword Search|Vector Search))*$/,
        );
        const truth = iterationsByTitle(source as string).get(title as string) ?? [];
        const number = (value: string | undefined): number => Number(value?.replaceAll(',', ''));
        expect([number(shown), number(first), number(last)]).toEqual([truth.at(-1), truth[0], truth.at(-1)]);
        expect(number(times)).toBeGreaterThan(0);
      }
      expect(lines.map(([, , , source]) => source)).toContain('ja_folklore');
      // The answer is an example of its tuning word for word: that stands below and apart, and has no iteration.
      const apart = text.slice(text.indexOf('チューニングデータ'));
      expect(apart).toMatch(/チューニングデータ\*?\s+\d+\/\d+ 字がそのままあります/);
      expect(apart).toMatch(/Exact Match.* \| Rank: 1 \| Source: demo_sft \| Iteration: unknown/);
      expect(text.slice(0, text.indexOf('チューニングデータ'))).not.toContain('demo_sft');
    }, 150_000);

    it('opens an example of the tuning data in its context', async () => {
      const [result] = await answersOf('tenkyo-search', question);
      const example = (result as Message).blocks.filter(({ block_id: id }) => id === 'tuning-hit-1');
      await hanako.use(result as Message, buttonOf(example, /context/));
      const body = await eventually(() => {
        const shown = hanako.live.findLast((event) => 'view' in event);
        const text = shown ? JSON.stringify(shown.view.blocks) : '';
        return text.includes('Source: demo_sft') && text;
      });
      expect(body).toContain('Iteration: unknown');
    });

    it('shows the verbatim span of the suggested question', async () => {
      const root = await hanako.send(question.channel, mention('demo-3m-finetuned', 'かぜに抗生物質は効きますか？'));
      const reply = await answer('demo-3m-finetuned', root, /トークン/);
      await hanako.react(reply, 'mag');
      const text = visibleText(await answer('tenkyo-search', root, /Rank: 1/));
      expect(text).toMatch(/91 % \(42\/46 字\)/);
      expect(text).toMatch(/① 1 文書\s+ja_encyclopedia \(かぜ\)/);
    });

    it("answers 🔍 on a person's own message", async () => {
      const root = await hanako.send(question.channel, '月の満ち欠けはなぜ起こる？');
      await hanako.react(root, 'mag');
      expect(visibleText(await answer('tenkyo-search', root, /Rank: 1/))).toContain('Source: ja_encyclopedia');
    });

    it('speaks English to who reads English', async () => {
      const alex = await actAs(tenkyo, hanako.bootstrap.people.find(({ isBot, isAdmin }) => !isBot && !isAdmin)?.name);
      const root = await alex.send(
        question.channel,
        mention('demo-3m-finetuned', 'Do giant catfish cause earthquakes?'),
      );
      const reply = await answer('demo-3m-finetuned', root, /[\d.]+ s · \d+ tokens/);
      expect(visibleText(reply)).toContain('No, that is an old Japanese folk belief.');
      await alex.react(reply, 'mag');
      const text = visibleText(await answer('tenkyo-search', root, /Rank: 1/));
      alex.close();
      expect(text).toMatch(/Iteration: [\d,]+\/1,039/);
      expect(text).toMatch(/read \d+ times? \(first [\d,]+, last [\d,]+\)/i);
      expect(text).not.toMatch(/回読んだ|学習データ/);
    });

    it('opens the passage in its context', async () => {
      const [result] = await answersOf('tenkyo-search', question);
      await hanako.use(result as Message, buttonOf((result as Message).blocks, /context/));
      const view = await eventually(() =>
        hanako.live.findLast((event) => event.type === 'view_updated' || event.type === 'view_opened'),
      );
      expect(view).toHaveProperty('view.title');
      await eventually(
        () =>
          hanako.live.some(
            (event) => 'view' in event && /Iteration: [\d,]+\/1,039/.test(JSON.stringify(event.view.blocks)),
          ),
        { what: 'the passage in the modal' },
      );
    });

    it('tells an admin the state, and a member one line', async () => {
      const channel = hanako.channel('playground').id;
      const told = (person: TestPerson): Promise<string> =>
        eventually(() => {
          const event = person.live.findLast(
            (one) => one.type === 'message' && one.message.ephemeralFor === person.me.id,
          );
          const text = event?.type === 'message' ? visibleText(event.message) : '';
          // Not what is said once at the first question.
          return text.includes('demo-3m-finetuned') && text;
        });
      await hanako.command(channel, '/tenkyo', 'status');
      const forAdmin = await told(hanako);
      expect(forAdmin).toMatch(/demo-3m-finetuned/);
      expect(forAdmin).toMatch(/600 文書/);

      const member = await actAs(
        tenkyo,
        hanako.bootstrap.people.find(({ isBot, isAdmin }) => !isBot && !isAdmin)?.name,
      );
      await member.command(channel, '/tenkyo', 'status');
      const forMember = await told(member);
      member.close();
      expect(forMember).not.toMatch(/600/);
      expect(forMember).toContain(hanako.me.id);
    });

    it('has everything as it was after Ctrl-C and a new start', async () => {
      const before = (await hanako.thread(question.channel, question.ts)).map(visibleText);
      hanako.close();
      expect(await tenkyo.end('SIGINT')).toEqual({ code: 0, signal: null });
      await start();
      expect((await hanako.thread(question.channel, question.ts)).map(visibleText)).toEqual(before);

      // The index too is the one from before: 🔍 answers at once.
      const root = await hanako.send(question.channel, '虹はどうして見えるの？');
      await hanako.react(root, 'mag');
      await answer('tenkyo-search', root, /Rank: 1/);
      expect(tenkyo.output()).not.toMatch(/index.*\d+ ?%/);
    });
  });
