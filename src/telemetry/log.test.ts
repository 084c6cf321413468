import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createLogger } from './log.ts';

it('writes JSON lines without secrets and without what people wrote', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tenkyo-log-'));
  const log = createLogger({ directory, level: 'info' });
  log.info({ id: 'a1', botToken: 'xoxb-secret', answer: { question: '秘密の質問' } }, 'answer opened');
  const line = readFileSync(join(directory, 'tenkyo.jsonl'), 'utf8');
  rmSync(directory, { recursive: true });
  expect(JSON.parse(line)).toMatchObject({ id: 'a1', msg: 'answer opened', botToken: '[hidden]' });
  expect(line).not.toMatch(/secret|秘密/);
});
