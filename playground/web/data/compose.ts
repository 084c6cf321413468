import type { Channel, Command, Person } from '../../protocol/people.ts';
import { findEmoji } from '../text/emoji.ts';
import { encodeEntities } from '../text/entities.ts';

type People = Readonly<Record<string, Person>>;

/** What is being completed at the caret: `@nam`, `#chan`, `/comm` at the start of the text, `:emo`. */
export interface Trigger {
  readonly kind: 'person' | 'channel' | 'command' | 'emoji';
  readonly query: string;
  /** Where its sign stands. */
  readonly start: number;
}

const kinds = { '@': 'person', '#': 'channel', ':': 'emoji' } as const;

/** The trigger that the caret stands in, or null. */
export const findTrigger = (text: string, caret: number): Trigger | null => {
  const before = text.slice(0, caret);
  const command = /^\/([\w-]{0,40})$/.exec(before);
  if (command) return { kind: 'command', query: command[1] ?? '', start: 0 };
  const found = /([@#:])([^\s@#:]{0,40})$/u.exec(before);
  if (!found) return null;
  const kind = kinds[found[1] as keyof typeof kinds];
  // a@b is an address, 12:30 a time; Japanese may stand right before the sign.
  if (/[a-z0-9_.]/i.test(before[found.index - 1] ?? '')) return null;
  const query = found[2] ?? '';
  if (kind === 'emoji' && !/^[a-z0-9_+-]{2,}$/.test(query)) return null;
  return { kind, query, start: found.index };
};

/** One line of the list below the composer. */
export interface Suggestion {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  /** What takes the place of the trigger; a space follows. */
  readonly insert: string;
  readonly person: Person | null;
}

const longest = 8;

/** What may stand for the trigger, best first. */
export const suggest = (
  trigger: Trigger,
  world: { people: People; channels: readonly Channel[]; commands: readonly Command[]; members: readonly string[] },
): Suggestion[] => {
  const query = trigger.query.toLowerCase();
  const rank = (...names: string[]): number => {
    const lower = names.map((name) => name.toLowerCase());
    if (lower.some((name) => name.startsWith(query))) return 0;
    return lower.some((name) => name.includes(query)) ? 1 : 2;
  };
  if (trigger.kind === 'emoji') {
    return findEmoji(query, longest).map(({ name, character }) => ({
      key: name,
      label: `${character} :${name}:`,
      detail: '',
      insert: `:${name}:`,
      person: null,
    }));
  }
  if (trigger.kind === 'command') {
    return world.commands
      .filter(({ name }) => rank(name.slice(1)) === 0)
      .slice(0, longest)
      .map(({ name, usageHint, description }) => ({
        key: name,
        label: usageHint === '' ? name : `${name} ${usageHint}`,
        detail: description,
        insert: name,
        person: null,
      }));
  }
  if (trigger.kind === 'channel') {
    return world.channels
      .filter(({ kind, name }) => kind === 'channel' && rank(name) < 2)
      .slice(0, longest)
      .map(({ id, name, topic }) => ({ key: id, label: `#${name}`, detail: topic, insert: `#${name}`, person: null }));
  }
  const order = (person: Person): number =>
    rank(person.name, person.displayName) * 4 + (world.members.includes(person.id) ? 0 : 2) + (person.isBot ? 0 : 1);
  return Object.values(world.people)
    .filter((person) => rank(person.name, person.displayName) < 2)
    .sort((one, other) => order(one) - order(other))
    .slice(0, longest)
    .map((person) => ({
      key: person.id,
      label: `@${person.displayName}`,
      detail: person.displayName === person.name ? '' : person.name,
      insert: `@${person.displayName}`,
      person,
    }));
};

/** The text with the trigger replaced, and where the caret stands then. */
export const complete = (
  text: string,
  caret: number,
  trigger: Trigger,
  insert: string,
): { text: string; caret: number } => {
  const after = text.slice(caret).replace(/^ /, '');
  const head = `${text.slice(0, trigger.start)}${insert} `;
  return { text: head + after, caret: head.length };
};

/**
 * What a person typed as it is sent: `&`, `<`, `>` escaped, `@name` and `#channel` as `<@U…>` and `<#C…>`, addresses in
 * angle brackets, as Slack's clients do.
 */
export const encodeText = (typed: string, people: People, channels: readonly Channel[]): string => {
  const handles = new Map<string, string>();
  for (const { id, name, kind } of channels) if (kind === 'channel') handles.set(`#${name}`, `<#${id}>`);
  for (const { id, name, displayName } of Object.values(people)) {
    handles.set(`@${name}`, `<@${id}>`);
    handles.set(`@${displayName}`, `<@${id}>`);
  }
  for (const name of ['here', 'channel', 'everyone']) handles.set(`@${name}`, `<!${name}>`);
  const known = [...handles.keys()].sort((one, other) => other.length - one.length);

  let sent = '';
  for (let at = 0; at < typed.length; ) {
    const address = /^https?:\/\/[^\s<>"「」、。（）|]+/.exec(typed.slice(at, at + 2_000))?.[0];
    const alone = !/[a-z0-9_.]/i.test(typed[at - 1] ?? '');
    const handle =
      alone && (typed[at] === '@' || typed[at] === '#')
        ? known.find((each) => typed.startsWith(each, at) && !/[a-z0-9_-]/i.test(typed[at + each.length] ?? ''))
        : undefined;
    if (handle !== undefined) {
      sent += handles.get(handle) ?? '';
      at += handle.length;
    } else if (alone && address) {
      const link = address.replace(/[.,:;!?)]+$/, '');
      sent += `<${encodeEntities(link)}>`;
      at += link.length;
    } else {
      sent += encodeEntities(typed[at] ?? '');
      at += 1;
    }
  }
  return sent;
};

/** `<@U…>` as `@name`: a text that someone prepared, as it is shown for editing. */
export const showMentions = (text: string, people: People): string =>
  text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => {
    const person = people[id];
    return person ? `@${person.displayName}` : whole;
  });

/** What was sent, as the person would type it: the way back from `encodeText`. */
export const decodeText = (sent: string, people: People, channels: readonly Channel[]): string =>
  showMentions(sent, people)
    .replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => {
      const channel = channels.find((each) => each.id === id);
      return channel ? `#${channel.name}` : whole;
    })
    .replace(/<!(here|channel|everyone)>/g, '@$1')
    .replace(/<(https?:[^<>|]+)>/g, '$1')
    .replace(/&(amp|lt|gt);/g, (_, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name]);

/** `/name and the rest`: the command and its text; null when the text is no command. `//` is a text. */
export const parseCommand = (typed: string): { command: string; text: string } | null => {
  const match = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(typed.trim());
  return match ? { command: match[1] ?? '', text: (match[2] ?? '').trim() } : null;
};
