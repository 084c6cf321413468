import {
  ACTION_ID,
  BUTTON_TEXT,
  BUTTON_VALUE,
  IMAGE_ALT_TEXT,
  OPTION_TEXT,
  OPTION_VALUE,
  OPTIONS_PER_SELECT,
} from '../../../src/slack/limits.ts';
import { isObject, type JsonObject, nameType, type Report } from './report.ts';

type Check = (report: Report, pointer: string, element: JsonObject) => void;

/** A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export const checkText = (
  report: Report,
  pointer: string,
  value: unknown,
  most: number,
  plainOnly: boolean = false,
): void => {
  if (!isObject(value)) {
    report.fault(pointer, 'must be an object');
    return;
  }
  if (value.type !== 'plain_text' && (plainOnly || value.type !== 'mrkdwn')) {
    report.fault(`${pointer}/type`, `unsupported type: ${nameType(value.type)}`);
  }
  report.text(`${pointer}/text`, value.text, most);
};

const checkOptions = (report: Report, pointer: string, element: JsonObject): void => {
  const groups = element.option_groups;
  const lists: [string, unknown][] = Array.isArray(groups)
    ? groups.map((group, index) => [
        `${pointer}/option_groups/${index}/options`,
        isObject(group) ? group.options : undefined,
      ])
    : [[`${pointer}/options`, element.options]];
  for (const [at, options] of lists) {
    for (const [index, option] of report.items(at, options, OPTIONS_PER_SELECT).entries()) {
      if (!isObject(option)) {
        report.fault(`${at}/${index}`, 'must be an object');
        continue;
      }
      checkText(report, `${at}/${index}/text`, option.text, OPTION_TEXT);
      report.text(`${at}/${index}/value`, option.value, OPTION_VALUE);
    }
  }
};

const checkButton: Check = (report, pointer, element) => {
  checkText(report, `${pointer}/text`, element.text, BUTTON_TEXT, true);
  if (element.value !== undefined) report.text(`${pointer}/value`, element.value, BUTTON_VALUE);
  const style = element.style;
  if (style !== undefined && style !== 'primary' && style !== 'danger') {
    report.fault(`${pointer}/style`, 'must be one of: primary, danger');
  }
};

const checkFeedbackButtons: Check = (report, pointer, element) => {
  for (const side of ['positive_button', 'negative_button']) {
    const button = element[side];
    if (isObject(button)) checkButton(report, `${pointer}/${side}`, button);
    else report.fault(pointer, `missing required field: ${side}`);
  }
};

const checkIconButton: Check = (report, pointer, element) => {
  report.text(`${pointer}/icon`, element.icon, 100);
  checkButton(report, pointer, element);
};

const checkImage: Check = (report, pointer, element) => {
  if (element.image_url === undefined && element.slack_file === undefined) {
    report.fault(pointer, 'missing required field: image_url');
  }
  report.text(`${pointer}/alt_text`, element.alt_text, IMAGE_ALT_TEXT);
};

const free: Check = () => undefined;

const SELECTS: Record<string, Check> = {
  static_select: checkOptions,
  multi_static_select: checkOptions,
  external_select: free,
  multi_external_select: free,
  users_select: free,
  multi_users_select: free,
  conversations_select: free,
  multi_conversations_select: free,
  channels_select: free,
  multi_channels_select: free,
};

const PICKERS: Record<string, Check> = {
  ...SELECTS,
  checkboxes: checkOptions,
  radio_buttons: checkOptions,
  datepicker: free,
  timepicker: free,
  datetimepicker: free,
};

/** Which elements may stand where: https://docs.slack.dev/reference/block-kit/block-elements */
export const IN_ACTIONS: Record<string, Check> = {
  ...PICKERS,
  button: checkButton,
  workflow_button: checkButton,
  overflow: checkOptions,
  rich_text_input: free,
};
export const IN_SECTION: Record<string, Check> = {
  ...PICKERS,
  button: checkButton,
  workflow_button: checkButton,
  overflow: checkOptions,
  image: checkImage,
};
export const IN_INPUT: Record<string, Check> = {
  ...PICKERS,
  plain_text_input: free,
  email_text_input: free,
  url_text_input: free,
  number_input: free,
  rich_text_input: free,
  file_input: free,
};
export const IN_CONTEXT_ACTIONS: Record<string, Check> = {
  feedback_buttons: checkFeedbackButtons,
  icon_button: checkIconButton,
};
export const IN_CONTEXT: Record<string, Check> = {
  image: checkImage,
  plain_text: (report, pointer, element) => checkText(report, pointer, element, 3_000),
  mrkdwn: (report, pointer, element) => checkText(report, pointer, element, 3_000),
};
export const AS_BUTTON: Record<string, Check> = { button: checkButton };

export const checkElement = (
  report: Report,
  pointer: string,
  element: unknown,
  allowed: Readonly<Record<string, Check>>,
): void => {
  if (!isObject(element)) {
    report.fault(pointer, 'must be an object');
    return;
  }
  const type = nameType(element.type);
  const check = Object.hasOwn(allowed, type) ? allowed[type] : undefined;
  if (!check) {
    report.fault(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  if (element.action_id !== undefined) report.text(`${pointer}/action_id`, element.action_id, ACTION_ID);
  check(report, pointer, element);
};
