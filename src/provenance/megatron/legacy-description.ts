/** `Data prefix …`, `Sequence length …`: the lines of a `.dsc` under the names that core's JSON has for them. */
const keys: Readonly<Record<string, string>> = {
  'Data prefix': 'dataset_path',
  'Dataset name': 'index_split',
  'Number of samples': 'num_samples',
  'Number of epochs': 'num_epochs',
  'Sequence length': 'sequence_length',
  'Random seed': 'random_seed',
  Split: 'split',
};

const datasetTitle = 'GPT Dataset';
const blendTitle = 'Blendable dataset';

const parseDataset = (text: string): Record<string, unknown> => {
  const facts: Record<string, unknown> = { class: 'GPTDataset' };
  for (const line of text.split('\n')) {
    const label = Object.keys(keys).find((name) => line.startsWith(`${name} `));
    if (!label) continue;
    const value = line.slice(label.length + 1).trim();
    facts[keys[label]!] = /^\d+$/.test(value) && label !== 'Data prefix' && label !== 'Split' ? Number(value) : value;
  }
  return facts;
};

/**
 * The text of a `.dsc` (megatron/data/gpt_dataset.py and blendable_dataset.py before Megatron core).
 *
 * @throws Error when it is neither a dataset's nor a blend's
 */
export const parseLegacyDescription = (text: string): Record<string, unknown> => {
  const [title] = text.split('\n', 1);
  const [head, ...datasets] = text.split(`${datasetTitle}\n`);
  if (title?.trim() === datasetTitle && datasets.length === 1) return parseDataset(datasets[0]!);
  if (title?.trim() === blendTitle && head !== undefined) {
    return { class: 'BlendedDataset', datasets: datasets.map(parseDataset) };
  }
  throw new Error(`neither "${datasetTitle}" nor "${blendTitle}"`);
};
