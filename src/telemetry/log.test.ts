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

it('cuts out what looks like a secret wherever it stands, in messages and errors too', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tenkyo-log-'));
  const log = createLogger({ directory, level: 'info' });
  const cause = new Error('GET http://elastic:hush@es:9200/_search failed, authorization: Bearer hush.hush');
  log.error(
    { err: new Error('no answer', { cause }) },
    'token xoxb-1-hush and xapp-1-hush refused by redis://:hush@r:6379',
  );
  const line = readFileSync(join(directory, 'tenkyo.jsonl'), 'utf8');
  rmSync(directory, { recursive: true });
  const { msg } = JSON.parse(line) as { msg: string };
  expect(msg).toBe('token [hidden] and [hidden] refused by redis://[hidden]@r:6379');
  expect(line).toContain('es:9200/_search');
  expect(line).not.toContain('hush');
});
