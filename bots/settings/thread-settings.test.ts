import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textsFor } from '../../src/i18n/texts.ts';
import { readSettingsForm, type SettingsField, settingsFields, settingsLine } from './thread-settings.ts';

const facts = { temperature: 0.5, topP: 1, maxTokens: 96, takesSystem: true };
const texts = textsFor('ja').settings;
const values = (filled: Partial<Record<SettingsField, string>>) =>
  Object.fromEntries(settingsFields.map((field) => [field, { [field]: { value: filled[field] ?? null } }]));
const read = (filled: Partial<Record<SettingsField, string>>) => readSettingsForm(values(filled), facts, texts);

it('keeps what differs from the model’s own, and nothing where a field is empty', () => {
  expect(read({})).toEqual({ settings: {} });
  expect(read({ temperature: '0.50', topP: '1', maxTokens: '96' })).toEqual({ settings: {} });
  expect(read({ temperature: '０．７', topP: ' .9 ', maxTokens: '12', seed: '0', system: ' 短く。\n' })).toEqual({
    settings: { temperature: 0.7, topP: 0.9, maxTokens: 12, seed: 0, system: '短く。' },
  });
  // A model that takes no system text has no such field.
  const { system: _, ...others } = values({ seed: '3' });
  expect(readSettingsForm(others, facts, texts)).toEqual({ settings: { seed: 3 } });
});

it.each<[SettingsField, string]>([
  ['temperature', '2.1'],
  ['temperature', '-1'],
  ['temperature', 'hot'],
  ['topP', '0'],
  ['topP', '1.01'],
  ['maxTokens', '0'],
  ['maxTokens', '97'],
  ['maxTokens', '1.5'],
  ['seed', '2147483648'],
  ['seed', '1e3'],
  ['system', 'あ'.repeat(2_001)],
])('says what is wrong with %s, and with all at once', (field, text) => {
  const one = read({ [field]: text });
  expect(one).toEqual({ errors: { [field]: expect.any(String) } });
  const other = field === 'seed' ? 'topP' : 'seed';
  expect(read({ [field]: text, [other]: 'x' })).toHaveProperty(`errors.${other}`);
});

it('gives only what a generator takes, whatever is typed', () => {
  const typed = fc.oneof(fc.string({ maxLength: 30 }), fc.double().map(String), fc.integer().map(String));
  fc.assert(
    fc.property(fc.record({ temperature: typed, topP: typed, maxTokens: typed, seed: typed }), (filled) => {
      const result = read(filled);
      if ('errors' in result) return;
      const { temperature = 0, topP = 1, maxTokens = 1, seed = 0 } = result.settings;
      expect(temperature).toBeGreaterThanOrEqual(0);
      expect(temperature).toBeLessThanOrEqual(2);
      expect(topP).toBeGreaterThan(0);
      expect(topP).toBeLessThanOrEqual(1);
      expect([maxTokens, seed].every(Number.isInteger)).toBe(true);
      expect(maxTokens).toBeLessThanOrEqual(96);
    }),
    { numRuns: 2_000 },
  );
});

it('is one line under an answer, in which a system text mentions nobody', () => {
  expect(settingsLine(null, texts)).toBeNull();
  expect(settingsLine({}, texts)).toBeNull();
  const line = settingsLine({ temperature: 0.7, seed: 42, system: `<!channel>\n${'長'.repeat(90)}` }, texts) ?? '';
  expect(line).toMatch(/^温度 0\.7 · seed 42 · システム文「/);
  expect(line).not.toMatch(/<!|\n/);
  expect(line.length).toBeLessThan(120);
  expect(settingsLine({ topP: 0.9, maxTokens: 1 }, textsFor('en').settings)).toBe('top-p 0.9 · at most 1 token');
});
