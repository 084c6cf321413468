import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '../../protocol/messages.ts';
import { hrefsOf } from '../testing/links-of.ts';
import { blockText } from '../text/plain-text.ts';
import { readRichText, readTable } from './rich-text.ts';
import { missingIn, valuesOf, withValue } from './values.ts';

const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });
const input = (block_id: string, element: Record<string, unknown>, more = {}): Block => ({
  type: 'input',
  block_id,
  label: { type: 'plain_text', text: block_id },
  element,
  ...more,
});

describe('values of inputs', () => {
  const blocks: Block[] = [
    input('a', { type: 'plain_text_input', action_id: 'x', initial_value: 'hi' }),
    input('b', { type: 'static_select', action_id: 'y', options: [option('1')] }),
    input('c', { type: 'checkboxes', action_id: 'z', initial_options: [option('1')] }, { optional: true }),
    { type: 'section', block_id: 'd', accessory: { type: 'button', action_id: 'press' } },
    { type: 'actions', block_id: 'e', elements: [{ type: 'radio_buttons', action_id: 'r', options: [] }] },
  ];

  it('are Slack’s `view.state.values`', () => {
    expect(valuesOf(blocks, {})).toEqual({
      a: { x: { type: 'plain_text_input', value: 'hi' } },
      b: { y: { type: 'static_select', selected_option: null } },
      c: { z: { type: 'checkboxes', selected_options: [option('1')] } },
      e: { r: { type: 'radio_buttons', selected_option: null } },
    });
  });

  it('keep what was entered when the bot updates the form, unless the input became another', () => {
    const entered = withValue({}, 'a', 'x', { type: 'plain_text_input', value: 'typed' });
    expect(valuesOf(blocks, entered).a?.x).toEqual({ type: 'plain_text_input', value: 'typed' });
    const changed = [input('a', { type: 'static_select', action_id: 'x' })];
    expect(valuesOf(changed, entered).a?.x).toEqual({ type: 'static_select', selected_option: null });
  });

  it('name what must still be filled in', () => {
    expect(missingIn(blocks, valuesOf(blocks, {}))).toEqual(['b']);
    const emptied = withValue(valuesOf(blocks, {}), 'a', 'x', { type: 'plain_text_input', value: null });
    expect(missingIn(blocks, emptied)).toEqual(['a', 'b']);
  });
});

describe('rich text', () => {
  const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
  const words = (text: string, style = {}) => ({ type: 'text', text, style });

  it('keeps words, styles, emoji and the depth of lists', () => {
    const list = (indent: number, text: string) => ({
      type: 'rich_text_list',
      style: 'bullet',
      indent,
      elements: [section(words(text))],
    });
    const tree = readRichText({
      elements: [
        section(words('a', { bold: true }), { type: 'emoji', name: 'unheard', unicode: '1f41f' }),
        list(0, 'b'),
        list(1, 'c'),
        { type: 'rich_text_preformatted', elements: [words('d\ne')] },
      ],
    });
    expect(blockText(tree)).toBe('a🐟\nb\nc\nd\ne');
    expect(tree.map(({ kind }) => kind)).toEqual(['paragraph', 'list', 'code']);
  });

  it('lets no other scheme through and takes anything', () => {
    const tree = readRichText({ elements: [section({ type: 'link', url: 'javascript:alert(1)', text: 'x' })] });
    expect(hrefsOf(tree)).toEqual([]);
    expect(blockText(tree)).toBe('x');
    fc.assert(
      fc.property(fc.object(), (block) => {
        readRichText(block);
        readTable(block);
        valuesOf([{ type: 'actions', ...block }], {});
      }),
    );
  });

  it('takes the first row of a table as its head', () => {
    const cell = (text: string) => ({ type: 'raw_text', text });
    const table = readTable({
      rows: [
        [cell('名'), cell('数')],
        [cell('a'), { type: 'raw_number', value: 12 }],
      ],
      column_settings: [{}, { align: 'right' }],
    });
    expect(table).toMatchObject({ align: [null, 'right'] });
    expect(blockText([table])).toBe('名\t数\na\t12');
  });
});
