import { type FieldNames, firstOf, type MadeText } from './fields.ts';
import { isObject, kindOf } from './record.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Turn {
  readonly by: string;
  readonly text: string;
}

const longestTitle = 80;

/** The first line of a question, as an example's title. */
const titleOf = (question: string): string | null => {
  const line = question.trim().split('\n', 1)[0]!.trim();
  return line.length > longestTitle ? `${[...line].slice(0, longestTitle - 1).join('')}…` : line || null;
};

const paragraphs = (parts: readonly string[]): string => parts.filter((part) => part.trim() !== '').join('\n\n');

/** A message's text: a string, or Chat Completions' list of parts, of which only texts can be read. */
const contentOf = (content: unknown): string | null => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts = content.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? part.text : []));
  return texts.length > 0 ? paragraphs(texts) : null;
};

const answers = new Set(['assistant', 'gpt', 'model', 'bot']);
const questions = new Set(['user', 'human']);

/** `{role, content}` or ShareGPT's `{from, value}`; a message without a text (a call of a tool) is passed over. */
const turnsOf = (value: unknown, field: string): Turn[] | string => {
  if (!Array.isArray(value)) return `"${field}": expected a list of messages, found ${kindOf(value)}`;
  const turns: Turn[] = [];
  for (const [index, message] of value.entries()) {
    const by = isObject(message) ? (message.role ?? message.from) : undefined;
    if (!isObject(message) || typeof by !== 'string') {
      return `"${field}", message ${index + 1}: expected an object with "role" and "content"`;
    }
    const text = contentOf(message.content ?? message.value);
    if (text !== null) turns.push({ by: by.toLowerCase(), text });
  }
  return turns;
};

const fromMessages = (value: unknown, field: string): MadeText | string => {
  const turns = turnsOf(value, field);
  if (typeof turns === 'string') return turns;
  if (!turns.some(({ by }) => answers.has(by))) return `"${field}": no message of an assistant with a text`;
  const question = turns.find(({ by }) => questions.has(by));
  return {
    text: paragraphs(turns.map(({ text }) => text)),
    used: [field],
    title: question ? titleOf(question.text) : null,
    meta: { turns: turns.length },
  };
};

const given = (record: Fields, paths: readonly string[]): { value: unknown; field: string } => {
  const field = paths.find((path) => firstOf(record, [path]) !== undefined) ?? paths[0]!;
  return { value: firstOf(record, [field]), field };
};

const missing = (field: string, value: unknown): string => `"${field}": expected a string, found ${kindOf(value)}`;

/** An example of instruction tuning as a text: what was asked and what was answered, or a chat's messages in turn. */
export const sftText =
  (fields: FieldNames) =>
  (record: Fields): MadeText | string => {
    const chat = given(record, fields.messages);
    if (chat.value !== undefined) return fromMessages(chat.value, chat.field);
    const instruction = given(record, fields.instruction);
    const input = given(record, fields.input);
    const response = given(record, fields.response);
    if (typeof instruction.value !== 'string') return missing(instruction.field, instruction.value);
    if (input.value !== undefined && typeof input.value !== 'string') return missing(input.field, input.value);
    if (typeof response.value !== 'string') return missing(response.field, response.value);
    return {
      text: paragraphs([instruction.value, input.value ?? '', response.value]),
      used: [instruction.field, input.field, response.field],
      title: titleOf(instruction.value),
    };
  };

/** What one of two answers says: a string, or a chat whose last message it is. */
const answerOf = ({
  value,
  field,
}: {
  value: unknown;
  field: string;
}): { asked: string[]; answer: string } | string => {
  if (typeof value === 'string') return { asked: [], answer: value };
  const turns = value === undefined ? missing(field, value) : turnsOf(value, field);
  if (typeof turns === 'string') return turns;
  const last = turns.at(-1);
  if (!last || !answers.has(last.by)) return `"${field}": the last message is not an assistant's text`;
  return { asked: turns.slice(0, -1).map(({ text }) => text), answer: last.text };
};

/** A pair of answers as a text: what was asked and the better answer; the worse one stands in `meta.rejected`. */
export const preferenceText =
  (fields: FieldNames) =>
  (record: Fields): MadeText | string => {
    const prompt = given(record, fields.instruction);
    const [better, worse] = [given(record, fields.chosen), given(record, fields.rejected)];
    const chosen = answerOf(better);
    if (typeof chosen === 'string') return chosen;
    const rejected = answerOf(worse);
    if (typeof rejected === 'string') return rejected;
    const turns = Array.isArray(prompt.value) ? turnsOf(prompt.value, prompt.field) : null;
    if (typeof turns === 'string') return turns;
    const asked = typeof prompt.value === 'string' ? [prompt.value] : (turns?.map(({ text }) => text) ?? chosen.asked);
    if (asked.length === 0) return missing(prompt.field, prompt.value);
    return {
      text: paragraphs([...asked, chosen.answer]),
      used: [prompt.field, better.field, worse.field],
      title: titleOf(asked.at(-1)!),
      meta: { rejected: rejected.answer },
    };
  };
