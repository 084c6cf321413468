import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../../playground/protocol/messages.ts';
import type { Document } from '../../src/corpus/document.ts';
import { textsFor } from '../../src/i18n/texts.ts';
import { type BotsWorkspace, startBotsWorkspace } from '../support/bots-workspace.ts';
import { buttonOf, eventually, type TestPerson, visibleText } from '../support/person.ts';
import { readBlocks } from '../support/read-blocks.ts';
import { makeHit, makeResult } from '../support/search-result.ts';

const document: Document = {
  id: 'doc-7',
  source: 'ja_web',
  sequence: 7,
  text: 'ナマズ',
  title: '鯰',
  url: null,
  lang: 'ja',
  meta: {},
};
const corpora = [{ name: 'demo', visibility: 'everyone', runs: ['demo'] }] as const;

/** What people read in each language, and who is the admin there. */
const languages = {
  ja: {
    admins: [] as string[],
    admin: 'hanako',
    onlyAdmins: 'このコマンドは管理者だけが使えます。',
    paused: '⏸ demo-model-weights は今、管理者が止めています',
    used: 'この確認はもう使われました',
    banned: 'あなたからの質問と検索は止められています',
    denied: 'このチャンネルでは使えないように',
    atOnce: '同時に待てる質問は 1 人 1 件まで',
    spent: '24 時間に 1 人 0 件までの質問',
    jobs: '待っている答えと書いている答え',
    stopped: '(停止しました)',
    audit: '操作の記録',
    found: '学習データに見つかったもの',
    nobody: '見つかりません',
    usage: '使い方: `/tenkyo cancel ID`',
    announced: '1 のチャンネルに知らせました',
  },
  en: {
    admins: ['alex'],
    admin: 'alex',
    onlyAdmins: 'Only admins can use this command.',
    paused: '⏸ demo-model-weights is paused by an admin',
    used: 'This confirmation has been used already',
    banned: 'An admin has stopped your questions and searches',
    denied: 'An admin has switched me off in this channel',
    atOnce: 'One person may have 1 question waiting at once',
    spent: 'The limit for one person is 0 questions in 24 hours',
    jobs: 'Answers that wait or are being written',
    stopped: '(stopped)',
    audit: 'What was done',
    found: 'Found in the training data',
    nobody: 'I cannot find a person',
    usage: 'Usage: `/tenkyo cancel ID`',
    announced: 'Said in 1 channel',
  },
} as const;

describe.each(['ja', 'en'] as const)('/tenkyo as a person (%s)', (language) => {
  const words = languages[language];
  const { did, quota } = textsFor(language).commands;
  let bots: BotsWorkspace;
  let admin: TestPerson;
  let member: TestPerson;
  let channel: string;

  beforeAll(async () => {
    bots = await startBotsWorkspace({
      admins: words.admins,
      corpora,
      documents: async (_corpus, id) => (id === document.id ? [document] : []),
    });
    [admin, member] = words.admin === 'hanako' ? [bots.hanako, bots.alex] : [bots.alex, bots.hanako];
    channel = admin.channel('playground').id;
  });
  afterAll(() => bots?.close());

  /** What the command's app whispered to a person, as it was said or rewritten. */
  const whispers = (person: TestPerson): Message[] =>
    person.live.flatMap((event) =>
      event.type === 'message' &&
      event.message.ephemeralFor === person.me.id &&
      event.message.user === person.bot('tenkyo-search').id
        ? [event.message]
        : [],
    );
  const textOf = (message: Message): string => readBlocks(message.blocks) || message.text;
  /** Runs a command and gives the first new whisper. */
  const run = async (person: TestPerson, text: string): Promise<Message> => {
    const before = whispers(person).length;
    await person.command(channel, '/tenkyo', text);
    return eventually(() => whispers(person)[before], { what: `an answer to ${text}`, withinMs: 10_000 });
  };
  const press = async (person: TestPerson, message: Message, action: RegExp): Promise<string> => {
    const before = whispers(person).length;
    await person.use(message, buttonOf(message.blocks ?? [], action));
    return textOf(
      await eventually(() => whispers(person)[before], { what: 'the answer to a button', withinMs: 10_000 }),
    );
  };
  /** Runs a change as the admin and confirms it. */
  const change = async (text: string): Promise<string> => press(admin, await run(admin, text), /admin_confirm/);
  const mention = (bot: string): string => `<@${admin.bot(bot).id}>`;
  const ask = (person: TestPerson, text = 'ナマズ？'): Promise<Message> =>
    person.send(channel, `${mention('demo-model')} ${text}`);
  /** What the bot said below a question. */
  const said = (question: Message, what: string): Promise<Message> =>
    eventually(
      async () =>
        (await admin.thread(question.channel, question.ts)).find(
          (one) => one.ts !== question.ts && visibleText(one).includes(what),
        ),
      { what: `"${what}" in the thread`, withinMs: 10_000 },
    );
  const team = (): string => admin.bootstrap.team.id;
  const entries = async () => (await bots.store.audit.list(team(), {}, { offset: 0, limit: 100 })).entries;

  it('refuses a member every admin command, says who the admins are and writes it down', async () => {
    const commands = [
      'jobs',
      'cancel a1',
      'model list',
      'model pause demo-model-weights',
      'model resume demo-model-weights',
      'channel allow',
      'channel deny',
      'channel model default',
      'quota show',
      'quota set everybody questions=0',
      `user ban <@${admin.me.id}>`,
      `user unban <@${admin.me.id}>`,
      'corpus list',
      'hide doc-7',
      'unhide doc-7',
      'audit',
      'announce hello',
      'MODEL  PAUSE demo-model-weights',
    ];
    const memberWords = languages[language === 'ja' ? 'en' : 'ja'];
    for (const command of commands) {
      const answer = await run(member, command);
      expect(textOf(answer)).toContain(memberWords.onlyAdmins);
      expect(textOf(answer)).toContain(`<@${admin.me.id}>`);
    }
    const written = await entries();
    expect(written).toHaveLength(commands.length);
    expect(written.every(({ outcome, actor }) => outcome === 'denied' && actor === member.me.id)).toBe(true);
    expect(await bots.store.settings.all(team())).toEqual([]);
  });

  it('pauses a model, says so in the thread, and resumes it; the button works once', async () => {
    const proposal = await run(admin, 'model pause demo-model-weights');
    expect(await bots.store.settings.all(team())).toEqual([]);
    expect(await press(admin, proposal, /admin_confirm/)).toBe(did.pause('demo-model-weights'));
    const asked = await ask(admin);
    await said(asked, words.paused);
    expect(textOf(await run(admin, 'model list'))).toContain(`demo-model-weights`);
    expect(await change('model resume demo-model-weights')).toBe(did.resume('demo-model-weights'));
    await ask(admin);
    await bots.answer('はい。');
    expect(bots.jobs.filter((job) => job.startsWith('generate'))).toHaveLength(1);
  });

  it('does nothing when a change is not confirmed', async () => {
    const proposal = await run(admin, 'model pause demo-model-weights');
    await press(admin, proposal, /admin_dismiss/);
    expect(await bots.store.settings.all(team())).toEqual([]);
  });

  it('tells what a command needs, and who or what does not exist', async () => {
    expect(textOf(await run(admin, 'cancel'))).toBe(words.usage);
    expect(textOf(await run(admin, 'user ban @nobody*here'))).toContain(words.nobody);
    expect(textOf(await run(admin, 'model pause <!channel>'))).toContain('&lt;!channel&gt;');
    expect(textOf(await run(admin, 'quota set everybody questions=many'))).toContain('/tenkyo quota set');
    expect(textOf(await run(admin, 'audit since whenever'))).toContain('/tenkyo audit');
  });

  it('denies a channel, tells it once, and allows it again', async () => {
    expect(await change(`channel deny <#${channel}|playground>`)).toBe(did.deny(`<#${channel}>`));
    const first = await ask(admin);
    await said(first, words.denied);
    const second = await ask(admin);
    expect(await change('channel allow #playground')).toBe(did.allow(`<#${channel}>`));
    expect((await admin.thread(second.channel, second.ts)).filter(({ ts }) => ts !== second.ts)).toEqual([]);
    expect(await bots.store.settings.all(team())).toEqual([]);
  });

  it('lets another model answer in a channel', async () => {
    expect(await change('channel model other-model-weights')).toBe(
      did.channelModel(`<#${channel}>`, 'other-model-weights'),
    );
    const asked = await ask(admin);
    await bots.answer('べつのモデルです。');
    await said(asked, 'other-model-weights');
    expect(await change('channel model default')).toBe(did.channelModel(`<#${channel}>`, null));
  });

  it('holds a person to a quota and says so', async () => {
    expect(await change(`quota set <@${admin.me.id}> questions=0`)).toBe(
      did.quota(`<@${admin.me.id}>`, quota({ questions: 0, tokens: null, atOnce: null })),
    );
    await ask(admin);
    expect(await bots.whisper(admin, new RegExp(words.spent))).toContain(words.spent);
    expect(textOf(await run(admin, `quota show <@${admin.me.id}>`))).toMatch(/(質問|questions) 0 /);
    expect(await change(`quota set <@${admin.me.id}> questions=none at-once=1`)).toBe(
      did.quota(`<@${admin.me.id}>`, quota({ questions: null, tokens: null, atOnce: 1 })),
    );
    await ask(admin, 'ひとつめ');
    const open = await eventually(
      async () => (await bots.store.answers.openOf(team(), {}, { offset: 0, limit: 9 })).answers[0],
    );
    await ask(admin, 'ふたつめ');
    expect(await bots.whisper(admin, new RegExp(words.atOnce))).toContain(words.atOnce);
    expect(textOf(await run(admin, `jobs <@${admin.me.id}>`))).toContain(open.id);
    expect(textOf(await run(admin, 'jobs'))).toContain(words.jobs);
  });

  it('cancels an answer that waits', async () => {
    const [open] = (await bots.store.answers.openOf(team(), {}, { offset: 0, limit: 9 })).answers;
    expect(await change(`cancel ${open?.id}`)).toBe(did.cancel('demo-model-weights', `<@${admin.me.id}>`, 'queued'));
    await eventually(async () => (await bots.store.deliveries.get(open?.id ?? ''))?.status === 'delivered');
    await said({ channel, ts: open?.threadTs } as Message, words.stopped);
    expect(await change(`quota set <@${admin.me.id}> default`)).toBe(did.quota(`<@${admin.me.id}>`, null));
    expect(await bots.store.settings.all(team())).toEqual([]);
  });

  it('bans a person, tells them, and lets them back', async () => {
    expect(await change(`user ban @${member.me.name} too loud`)).toBe(did.ban(`<@${member.me.id}>`));
    await ask(member);
    const memberWords = languages[language === 'ja' ? 'en' : 'ja'];
    expect(await bots.whisper(member, new RegExp(memberWords.banned))).toContain(memberWords.banned);
    expect(textOf(await run(member, 'find ナマズ'))).toContain(memberWords.banned);
    expect(await change(`user unban <@${member.me.id}>`)).toBe(did.unban(`<@${member.me.id}>`));
  });

  it('finds for anybody, seen by them alone, and without what is hidden', async () => {
    const hits = [
      makeHit({ documentId: document.id, passageId: 'ja_web:7:0-3', title: '隠された題' }),
      makeHit({ rank: 2, passageId: 'ja_web:8:0-3' }),
    ];
    const result = makeResult({ hits });
    const found = bots.found(result);
    const before = whispers(admin).length;
    await admin.command(channel, '/tenkyo', 'find ナマズ');
    await found;
    const answer = await eventually(() =>
      whispers(admin)
        .slice(before)
        .find((one) => textOf(one).includes(words.found)),
    );
    expect(textOf(answer)).toContain('隠された題');
    const asked = await admin.send(channel, '鯰の話');
    await admin.react(asked, 'mag');
    await bots.found(result);
    const shown = await said(asked, '隠された題');
    expect(await change('hide doc-7')).toBe(did.hide('demo/ja_web/doc-7', 1));
    const rewritten = await eventually(async () => {
      const message = (await admin.thread(channel, asked.ts)).find(({ ts }) => ts === shown.ts);
      return message && !visibleText(message).includes('隠された題') && message;
    });
    expect(visibleText(rewritten)).toContain(words.found);
    expect(textOf(await run(admin, 'corpus list'))).toMatch(/(外した文書|hidden documents) 1/);
    expect(await change('unhide doc-7')).toBe(did.unhide('demo/ja_web/doc-7', 1));
    await said(asked, '隠された題');
  });

  it('announces, harmless whatever the text', async () => {
    const before = admin.live.length;
    expect(await change('announce <!channel> *保守* & https://example.com')).toContain(words.announced);
    const message = await eventually(() =>
      admin.live
        .slice(before)
        .flatMap((event) => (event.type === 'message' && !event.message.ephemeralFor ? [event.message] : []))
        .find(({ text }) => text.includes('📣')),
    );
    expect(message.text).toBe('📣 &lt;!channel&gt; *保守* &amp; https://example.com');
  });

  it('shows what was done, a page at a time', async () => {
    const page = await run(admin, 'audit');
    expect(textOf(page)).toContain(words.audit);
    const next = await press(admin, page, /admin_page_next/);
    expect(next).toMatch(/11–20/);
    expect(textOf(await run(admin, `audit <@${member.me.id}> model pause`))).toContain(
      language === 'ja' ? '拒否' : 'denied',
    );
    expect(textOf(await run(admin, 'audit announce since 1h'))).toContain('保守');
    const { what, values } = textsFor(language).commands;
    const by = `<@${admin.me.id}>`;
    const told = async (filter: string): Promise<string> => textOf(await run(admin, `audit ${by} ${filter}`));
    expect(await told('model pause')).toContain(`${by}　*${what['model pause']}*: demo-model-weights`);
    expect(await told('model pause')).toContain(`${values.notPaused} → ${values.paused} · <#${channel}>`);
    expect(await told('channel model')).toContain(`${values.ownModel} → other-model-weights`);
    expect(await told('quota set')).toContain(
      `<@${admin.me.id}>\n　　${values.notSet} → ${quota({ questions: 0, tokens: null, atOnce: null })}`,
    );
    expect(await told('user ban')).toContain(`${values.notBanned} → ${values.banned} (too loud)`);
    expect(await told('hide')).toContain(`${values.shown} → ${values.hidden}`);
    const everything = await told('');
    // For each reader in their own time; nothing of how it is stored.
    expect(everything).toMatch(/<!date\^\d+\^\{date_short_pretty\} \{time\}\|/);
    expect(everything).not.toMatch(/[{}"]\w+"?:|null|undefined/);
  });
});
