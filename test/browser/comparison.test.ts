import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { mayRun, startBrowser } from '../support/browser.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const screenshots = 'test-results/screenshots';

(mayRun ? describe : describe.skip)('blind comparison and Home in a browser (needs chromium)', () => {
  let data: string;
  let tenkyo: RunningTenkyo;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  const shot = (name: string): Promise<unknown> => page.screenshot({ path: join(screenshots, `${name}.png`) });
  const say = async (text: string): Promise<void> => {
    const box = page.getByTestId('composer').first().getByRole('textbox');
    await box.fill(text);
    await box.press('Enter');
  };
  const thread = () => page.getByTestId('thread');
  const dialog = () => page.getByRole('dialog');

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    data = mkdtempSync(join(tmpdir(), 'tenkyo-compare-'));
    [tenkyo, browser] = await Promise.all([startTenkyo(data), startBrowser()]);
    page = await browser.newPage({ viewport: { width: 1360, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.setDefaultTimeout(30_000);
    await page.goto(tenkyo.url);
  });
  afterAll(async () => {
    await browser?.close();
    await tenkyo?.end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  it('compares two settings of the demonstration model, and shows the names after the vote', async () => {
    await say('/tenkyo compare 地震の原因はナマズが動くことですか？');
    const began = page.getByText('さんの質問に、2 つのモデルが名前を隠して答えます').last();
    await began.waitFor();
    await page.getByRole('button', { name: /返信 1 件/ }).click();
    await thread().getByText('2 つの答えができました').waitFor();
    await shot('compare-1-ready');
    await thread().getByRole('button', { name: '読み比べて投票する' }).click();
    await dialog().getByText('投票は 1 人 1 回です').waitFor();
    expect(
      await dialog()
        .getByText(/temperature/)
        .count(),
    ).toBe(0);
    await shot('compare-2-ballot');
    await dialog().getByRole('radio', { name: 'A が良い' }).check();
    await dialog().getByRole('button', { name: '投票する' }).click();
    await dialog().getByText('あなたの投票').waitFor();
    expect(await dialog().getByText('demo-3m-finetuned (temperature 0.2)').count()).toBeGreaterThan(0);
    expect(await dialog().getByText('demo-3m-finetuned (temperature 1.4)').count()).toBeGreaterThan(0);
    await shot('compare-3-revealed');
    await page.keyboard.press('Escape');
    await thread().getByText('投票 1 件').waitFor();
  });

  it('compares the base model with its early checkpoint by continuation', async () => {
    await say('/tenkyo compare base-or-early 昔の人は、地面の下に');
    await page.getByText('続きを書きます').last().waitFor();
    await page
      .getByRole('button', { name: /返信 1 件/ })
      .nth(1)
      .click();
    await thread().getByText('2 つの答えができました').waitFor();
    await thread().getByRole('button', { name: '読み比べて投票する' }).click();
    await dialog().getByText('書き出し').waitFor();
    await shot('compare-4-continuation');
    await dialog().getByRole('radio', { name: '同じくらい' }).check();
    await dialog().getByRole('button', { name: '投票する' }).click();
    await dialog().getByText('demo-3m-early').first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows it all on the Home tab, and takes it away when asked to forget', async () => {
    await page
      .getByRole('button', { name: /tenkyo-search/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'ホーム' }).click();
    const home = page.getByTestId('home');
    await home.getByText('名前を隠した比較の結果').waitFor();
    await home.getByText(/グループ 2/).waitFor();
    await home
      .getByText(/投票 2/)
      .first()
      .waitFor();
    await shot('home-1-admin');
    await home.getByRole('button', { name: '更新' }).click();
    await page.getByRole('tab', { name: 'メッセージ' }).click();
    await say('/tenkyo forget-me');
    await page.getByText('あなたの記録を消しますか').first().waitFor();
    await shot('forget-1-asked');
    await page.getByRole('button', { name: '実行する' }).click();
    await page.getByText('✓ 消しました').first().waitFor();
    await page.getByRole('tab', { name: 'ホーム' }).click();
    await home.getByText('まだ投票がありません').waitFor();
    await shot('home-2-forgotten');
  });

  it('had nothing to complain about in the console', () => expect(faults).toEqual([]));
});
