import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ACTIONS_ELEMENTS,
  BLOCKS_PER_MESSAGE,
  BLOCKS_PER_VIEW,
  BUTTON_TEXT,
  HEADER_TEXT,
  OPTIONS_PER_SELECT,
  SECTION_TEXT,
} from '../../../src/slack/limits.ts';
import { createIds } from '../ids.ts';
import { checkBlocks } from './check-blocks.ts';
import { nameBlocks } from './name-blocks.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (length: number) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });
const button = (extra: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Press'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const select = (count: number) => ({
  type: 'static_select',
  action_id: 's',
  options: Array.from({ length: count }, (_, index) => ({ text: plain('o'), value: String(index) })),
});

const faultsOf = (...blocks: unknown[]) => checkBlocks(blocks, 'message').faults.join('\n');

describe('checkBlocks', () => {
  it.each([
    ['a section at its limit', section(SECTION_TEXT)],
    ['a header at its limit', { type: 'header', text: plain('x'.repeat(HEADER_TEXT)) }],
    ['buttons', actions(...Array.from({ length: ACTIONS_ELEMENTS }, (_, index) => button({ action_id: `a${index}` })))],
    ['a full select', actions(select(OPTIONS_PER_SELECT))],
    ['a divider', { type: 'divider' }],
    ['a context', { type: 'context', elements: [{ type: 'mrkdwn', text: 'x' }] }],
    ['a table', { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }],
    ['a container', { type: 'container', title: plain('t'), child_blocks: [section(1)] }],
    [
      'context actions',
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: 'f',
            positive_button: { text: plain('👍'), value: 'up' },
            negative_button: { text: plain('👎'), value: 'down' },
          },
          { type: 'icon_button', icon: 'trash', text: plain('Delete'), action_id: 'd' },
        ],
      },
    ],
  ])('takes %s', (_, block) => {
    expect(faultsOf(block)).toBe('');
  });

  it.each<[string, unknown, string]>([
    [
      'a long section',
      section(SECTION_TEXT + 1),
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty section', section(0), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section of nothing', { type: 'section' }, 'missing required field: text [json-pointer:/blocks/0]'],
    ['mrkdwn in a header', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }, 'unsupported type: mrkdwn'],
    ['an unknown type', { type: 'none' }, 'unsupported type: none [json-pointer:/blocks/0/type]'],
    ['an inherited name', { type: 'constructor' }, 'unsupported type: constructor'],
    ['no type', {}, 'missing required field: type'],
    ['no object', 'x', 'must be an object'],
    ['too many buttons', actions(...Array.from({ length: 26 }, () => button())), 'no more than 25 items allowed'],
    ['no buttons', actions(), 'must have at least 1 item'],
    ['a long button', actions(button({ text: plain('x'.repeat(BUTTON_TEXT + 1)) })), 'must be less than 76 characters'],
    ['a long value', actions(button({ value: 'x'.repeat(2_001) })), 'must be less than 2001 characters'],
    ['a long action_id', actions(button({ action_id: 'x'.repeat(256) })), 'must be less than 256 characters'],
    ['a strange style', actions(button({ style: 'loud' })), 'must be one of: primary, danger'],
    ['an input among buttons', actions({ type: 'plain_text_input', action_id: 'a' }), 'unsupported type'],
    ['too many options', actions(select(OPTIONS_PER_SELECT + 1)), 'no more than 100 items allowed'],
    ['an image without words', { type: 'image', image_url: 'https://example.org/a.png' }, 'must be a string'],
    ['a fault within a container', { type: 'container', child_blocks: [section(0)] }, '/blocks/0/child_blocks/0/text'],
    ['too wide a table', { type: 'table', rows: [Array(21).fill({ type: 'raw_text', text: 'x' })] }, 'no more than 20'],
  ])('refuses %s', (_, block, fault) => {
    expect(faultsOf(block)).toContain(fault);
  });

  it('refuses more blocks than fit, and two of one id', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ type: 'divider' }));
    expect(checkBlocks(many(BLOCKS_PER_MESSAGE), 'message').faults).toEqual([]);
    expect(faultsOf(...many(BLOCKS_PER_MESSAGE + 1))).toContain('no more than 50 items allowed [json-pointer:/blocks]');
    expect(checkBlocks(many(BLOCKS_PER_VIEW), 'view').faults).toEqual([]);
    expect(checkBlocks(many(BLOCKS_PER_VIEW + 1), 'view').faults).toHaveLength(1);
    const line = { type: 'divider', block_id: 'b' };
    expect(faultsOf(line, line)).toContain('block_id b already exists');
  });

  it('sums the markdown', () => {
    expect(
      checkBlocks(
        [
          { type: 'markdown', text: 'ab' },
          { type: 'markdown', text: 'c' },
        ],
        'message',
      ),
    ).toEqual({
      faults: [],
      markdownLength: 3,
    });
  });

  it('throws at nothing', () => {
    const type = fc.constantFrom(
      'section',
      'actions',
      'context_actions',
      'context',
      'input',
      'container',
      'table',
      'x',
    );
    const key = fc.constantFrom('type', 'text', 'elements', 'fields', 'accessory', 'child_blocks', 'rows', 'options');
    const { block } = fc.letrec((tie) => ({
      block: fc.dictionary(
        key,
        fc.oneof(
          { maxDepth: 3 },
          type,
          fc.jsonValue({ maxDepth: 1 }),
          fc.array(tie('block'), { maxLength: 3 }),
          tie('block'),
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        for (const fault of checkBlocks(blocks, 'message').faults)
          expect(fault).toMatch(/^\[ERROR\] .+ \[json-pointer:.*\]$/);
      }),
    );
  });
});

describe('nameBlocks', () => {
  it('names what has no name, and nothing else', () => {
    const block = { ...actions(button(), { type: 'button', text: plain('x') }), block_id: 'mine' };
    const [named, line] = nameBlocks([block, { type: 'divider' }], createIds());
    expect(named).toEqual({
      ...block,
      elements: [button(), { type: 'button', text: plain('x'), action_id: expect.stringMatching(/^.{5}$/) }],
    });
    expect(line).toEqual({ type: 'divider', block_id: expect.stringMatching(/^.{5}$/) });
  });

  it('names the blocks within a container', () => {
    const [container] = nameBlocks([{ type: 'container', child_blocks: [{ type: 'divider' }] }], createIds());
    expect(container?.child_blocks).toEqual([{ type: 'divider', block_id: expect.any(String) }]);
  });
});
