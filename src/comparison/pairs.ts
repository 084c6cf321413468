import type { DeclaredComparison } from '../config/comparison-schema.ts';
import type { Config, ModelConfig } from '../config/config.ts';
import type { ComparisonMode, Entrant } from '../store/feedback-records.ts';

/** Two that can be compared. */
export interface Pair {
  /** As one types it. */
  readonly name: string;
  readonly mode: ComparisonMode;
  readonly first: Entrant;
  readonly second: Entrant;
}

type Models = readonly Pick<ModelConfig, 'name' | 'template'>[];

/** `demo-3m-finetuned (temperature 0.2)`: the same settings always read the same. */
const entrantOf = ({ model, ...settings }: DeclaredComparison['first']): Entrant => {
  const { system, ...numbers } = settings;
  const shown = Object.entries(numbers)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key} ${value}`);
  const all = system === undefined ? shown : [...shown, `system “${system}”`];
  return { name: all.length === 0 ? model : `${model} (${all.join(', ')})`, model, settings };
};

/** A model without instruction tuning can't be asked; it goes on with a text. */
const modeOf = (models: Models, names: readonly string[]): ComparisonMode =>
  models.some(({ name, template }) => names.includes(name) && template === 'none') ? 'continuation' : 'chat';

const pairOf = (models: Models, first: string, second: string): Pair => ({
  name: `${first} ${second}`,
  mode: modeOf(models, [first, second]),
  first: entrantOf({ model: first }),
  second: entrantOf({ model: second }),
});

/** The comparisons that one can ask for: the declared ones, else the first two models of the same kind. */
export const pairsOf = ({ comparisons, models }: Pick<Config, 'comparisons'> & { readonly models: Models }): Pair[] => {
  if (comparisons.length > 0) {
    return comparisons.map(({ name, mode, first, second }) => ({
      name,
      mode,
      first: entrantOf(first),
      second: entrantOf(second),
    }));
  }
  for (const plain of [false, true]) {
    const [one, two] = models.filter(({ template }) => (template === 'none') === plain);
    if (one && two) return [pairOf(models, one.name, two.name)];
  }
  return [];
};

/**
 * What follows `compare`: the name of a pair, or two models, and then the text; a text alone is for the first pair.
 *
 * @returns null: there is no text, or no pair for it
 */
export const readComparison = (
  text: string,
  pairs: readonly Pair[],
  models: Models,
): { readonly pair: Pair; readonly question: string } | null => {
  const [, head = '', afterHead = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const named = pairs.find(({ name }) => name === head);
  if (named) return afterHead === '' ? null : { pair: named, question: afterHead };
  const [, second = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(afterHead) ?? [];
  const isModel = (name: string): boolean => models.some((model) => model.name === name);
  if (isModel(head) && isModel(second) && head !== second) {
    return rest === '' ? null : { pair: pairOf(models, head, second), question: rest };
  }
  const [pair] = pairs;
  return pair && head !== '' ? { pair, question: text.trim() } : null;
};
