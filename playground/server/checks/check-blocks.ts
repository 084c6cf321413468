import {
  ACTIONS_ELEMENTS,
  BLOCK_ID,
  BLOCKS_PER_MESSAGE,
  BLOCKS_PER_VIEW,
  CONTEXT_ACTIONS_ELEMENTS,
  CONTEXT_ELEMENTS,
  HEADER_TEXT,
  IMAGE_ALT_TEXT,
  INPUT_LABEL,
  SECTION_FIELD_TEXT,
  SECTION_FIELDS,
  SECTION_TEXT,
  TABLE_COLUMNS,
  TABLE_ROWS,
} from '../../../src/slack/limits.ts';
import {
  AS_BUTTON,
  checkElement,
  checkText,
  IN_ACTIONS,
  IN_CONTEXT,
  IN_CONTEXT_ACTIONS,
  IN_INPUT,
  IN_SECTION,
} from './check-elements.ts';
import { createReport, isObject, type JsonObject, nameType, type Report } from './report.ts';

type Check = (report: Report, pointer: string, block: JsonObject) => void;
type Surface = 'message' | 'view';

const elementsOf =
  (most: number, allowed: Parameters<typeof checkElement>[3]): Check =>
  (report, pointer, block) => {
    for (const [index, element] of report.items(`${pointer}/elements`, block.elements, most).entries()) {
      checkElement(report, `${pointer}/elements/${index}`, element, allowed);
    }
  };

const checkSection: Check = (report, pointer, block) => {
  if (block.text === undefined && block.fields === undefined) {
    report.fault(pointer, 'missing required field: text');
  }
  if (block.text !== undefined) checkText(report, `${pointer}/text`, block.text, SECTION_TEXT);
  if (block.fields !== undefined) {
    for (const [index, field] of report.items(`${pointer}/fields`, block.fields, SECTION_FIELDS).entries()) {
      checkText(report, `${pointer}/fields/${index}`, field, SECTION_FIELD_TEXT);
    }
  }
  if (block.accessory !== undefined) checkElement(report, `${pointer}/accessory`, block.accessory, IN_SECTION);
};

const checkTable: Check = (report, pointer, block) => {
  for (const [index, row] of report.items(`${pointer}/rows`, block.rows, TABLE_ROWS).entries()) {
    report.items(`${pointer}/rows/${index}`, row, TABLE_COLUMNS);
  }
};

const checkCard: Check = (report, pointer, block) => {
  for (const [index, button] of (Array.isArray(block.actions) ? block.actions : []).entries()) {
    checkElement(report, `${pointer}/actions/${index}`, button, AS_BUTTON);
  }
};

const checkMarkdown: Check = (report, pointer, block) => {
  if (typeof block.text !== 'string') report.fault(`${pointer}/text`, 'must be a string');
};

const nonEmpty =
  (name: string, most: number): Check =>
  (report, pointer, block) => {
    report.items(`${pointer}/${name}`, block[name], most);
  };

/** Every type of https://docs.slack.dev/reference/block-kit/blocks that a message may hold. */
const CHECKS: Readonly<Record<string, Check>> = {
  actions: elementsOf(ACTIONS_ELEMENTS, IN_ACTIONS),
  alert: (report, pointer, block) => checkText(report, `${pointer}/text`, block.text, SECTION_TEXT),
  card: checkCard,
  carousel: nonEmpty('elements', 10),
  container: (report, pointer, block) => {
    for (const [index, child] of report.items(`${pointer}/child_blocks`, block.child_blocks, 10).entries()) {
      checkBlock(report, `${pointer}/child_blocks/${index}`, child);
    }
  },
  context: elementsOf(CONTEXT_ELEMENTS, IN_CONTEXT),
  context_actions: elementsOf(CONTEXT_ACTIONS_ELEMENTS, IN_CONTEXT_ACTIONS),
  data_table: nonEmpty('rows', Number.MAX_SAFE_INTEGER),
  divider: () => undefined,
  file: () => undefined,
  header: (report, pointer, block) => checkText(report, `${pointer}/text`, block.text, HEADER_TEXT, true),
  image: (report, pointer, block) => {
    if (block.image_url === undefined && block.slack_file === undefined) {
      report.fault(pointer, 'missing required field: image_url');
    }
    report.text(`${pointer}/alt_text`, block.alt_text, IMAGE_ALT_TEXT);
  },
  input: (report, pointer, block) => {
    checkText(report, `${pointer}/label`, block.label, INPUT_LABEL, true);
    checkElement(report, `${pointer}/element`, block.element, IN_INPUT);
  },
  markdown: checkMarkdown,
  plan: (report, pointer, block) => report.text(`${pointer}/title`, block.title, SECTION_TEXT),
  rich_text: nonEmpty('elements', Number.MAX_SAFE_INTEGER),
  section: checkSection,
  table: checkTable,
  task_card: (report, pointer, block) => report.text(`${pointer}/title`, block.title, SECTION_TEXT),
  video: (report, pointer, block) => report.text(`${pointer}/alt_text`, block.alt_text, IMAGE_ALT_TEXT),
};

const checkBlock = (report: Report, pointer: string, block: unknown): void => {
  if (!isObject(block)) {
    report.fault(pointer, 'must be an object');
    return;
  }
  const { type } = block;
  const check = typeof type === 'string' && Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (type === undefined) report.fault(pointer, 'missing required field: type');
  else if (!check) report.fault(`${pointer}/type`, `unsupported type: ${nameType(type)}`);
  if (block.block_id !== undefined) report.text(`${pointer}/block_id`, block.block_id, BLOCK_ID);
  check?.(report, pointer, block);
};

export interface CheckedBlocks {
  /** Empty: Slack takes them. */
  readonly faults: readonly string[];
  /** Characters of all `markdown` blocks together; Slack bounds their sum. */
  readonly markdownLength: number;
}

/**
 * Checks blocks against Slack's documented types and limits.
 *
 * @param surface a message holds up to 50 blocks, a view up to 100
 * @param at where they stand, as a JSON pointer
 */
export const checkBlocks = (blocks: readonly unknown[], surface: Surface, at: string = '/blocks'): CheckedBlocks => {
  const report = createReport();
  const most = surface === 'message' ? BLOCKS_PER_MESSAGE : BLOCKS_PER_VIEW;
  if (blocks.length > most) report.fault(at, `no more than ${most} items allowed`);
  const seen = new Set<string>();
  let markdownLength = 0;
  for (const [index, block] of blocks.entries()) {
    checkBlock(report, `${at}/${index}`, block);
    if (!isObject(block)) continue;
    const { block_id: id, type, text } = block;
    if (typeof id === 'string') {
      if (seen.has(id)) report.fault(`${at}/${index}/block_id`, `block_id ${id} already exists`);
      seen.add(id);
    }
    if (type === 'markdown' && typeof text === 'string') markdownLength += text.length;
  }
  return { faults: report.faults, markdownLength };
};
