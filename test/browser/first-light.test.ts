import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { mayRun, startBrowser } from '../support/browser.ts';
import { type RunningTenkyo, startTenkyo } from '../support/running-tenkyo.ts';

const screenshots = 'test-results/screenshots';
const catfishAnswer = 'いいえ。地震は地下の岩盤がずれて起こります。地面の下の大ナマズは昔の人の言い伝えです。';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

(mayRun ? describe : describe.skip)('first light in a browser (needs chromium)', () => {
  let data: string;
  let tenkyo: RunningTenkyo;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  const shot = (name: string): Promise<unknown> => page.screenshot({ path: join(screenshots, `${name}.png`) });
  const thread = () => page.getByTestId('thread');
  const seriousViolations = async (): Promise<string[]> => {
    const { violations } = (await page.evaluate(`${axe}; axe.run()`)) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    data = mkdtempSync(join(tmpdir(), 'tenkyo-browser-'));
    [tenkyo, browser] = await Promise.all([startTenkyo(data), startBrowser()]);
    page = await browser.newPage({ viewport: { width: 1360, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.setDefaultTimeout(15_000);
    await page.goto(tenkyo.url);
  });
  afterAll(async () => {
    await browser?.close();
    await tenkyo?.end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  it('opens #playground with what a newcomer can do', async () => {
    await page.getByRole('heading', { name: '# playground' }).waitFor();
    await page.getByTestId('first-card').waitFor();
    await shot('1-first-visit');
    expect(await seriousViolations()).toEqual([]);
  });

  it('answers a question that is typed with a mention', async () => {
    const box = page.getByTestId('composer').getByRole('textbox');
    await box.fill('@demo-3m');
    await page.getByRole('option', { name: /demo-3m-finetuned/ }).click();
    await box.pressSequentially('地震の原因はナマズが動くことですか？');
    await box.press('Enter');
    await page.getByRole('button', { name: /返信 1 件/ }).click();
    await thread().getByText(catfishAnswer).waitFor();
    await thread()
      .getByText(/秒 · \d+ トークン/)
      .waitFor();
    await shot('2-answer');
  });

  it('asks after 👎 why, and keeps what is said', async () => {
    await thread().getByRole('button', { name: '良くない答え' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('👎 を記録しました').waitFor();
    await shot('2a-feedback-form');
    expect(await seriousViolations()).toEqual([]);
    await dialog.getByRole('checkbox', { name: '事実と違う' }).check();
    await dialog.getByRole('textbox').last().fill('いいえ。地下の岩盤がずれて起こります。');
    await shot('2b-feedback-filled-in');
    await dialog.getByRole('button', { name: '送る' }).click();
    await dialog.waitFor({ state: 'detached' });
    await thread().getByRole('button', { name: '良くない答え' }).click();
    await dialog.waitFor();
    expect(await dialog.getByRole('textbox').last().inputValue()).toBe('いいえ。地下の岩盤がずれて起こります。');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await thread().getByRole('button', { name: '良い答え' }).click();
    await thread().getByText('👍 を記録しました').waitFor();
    await shot('2c-feedback-good');
  });

  it('shows what the answer resembles after 🔍', async () => {
    const answer = thread().getByRole('article').filter({ hasText: catfishAnswer });
    await answer.hover();
    await answer.getByRole('toolbar').getByRole('button').first().click();
    await thread().getByText('学習データに見つかったもの').waitFor();
    await thread()
      .getByText(/Search engine: .+ \| Rank: 1 \| Source: \w+ \| Iteration: [\d,]+\/1,039/)
      .first()
      .waitFor();
    await thread().getByText('8 字以上の一致はありません').waitFor();
    await shot('3-search-result');
    expect(await seriousViolations()).toEqual([]);
  });

  it('opens a passage in its context, and closes it with Escape', async () => {
    await thread().getByRole('button', { name: '前後を見る' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(/Rank: 1/)
      .first()
      .waitFor();
    await shot('4-context');
    expect(await seriousViolations()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('answers /tenkyo status to the admin, and in one line to the member', async () => {
    const box = page.getByTestId('composer').getByRole('textbox');
    await box.fill('/tenkyo status');
    await box.press('Enter');
    await page
      .getByRole('region')
      .getByText(/600 文書/)
      .waitFor();
    await shot('5-status-admin');
    await page.getByText('Alex').first().click();
    await page
      .getByText(/Channels/i)
      .first()
      .waitFor();
    await box.fill('/tenkyo status');
    await box.press('Enter');
    await page
      .getByRole('region')
      .getByText(/Admins?:/i)
      .waitFor();
    await shot('6-status-member');
    expect(await page.getByRole('region').getByText(/600/).count()).toBe(0);
  });

  it('fits a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await thread().waitFor();
    await shot('7-narrow');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('had nothing to complain about in the console', () => expect(faults).toEqual([]));
});
