import type { ModelConfig } from './config.ts';
import type { DeclaredModel } from './model-schema.ts';
import type { Problem } from './problems.ts';
import { type Environment, modelApiKey } from './tokens.ts';

/** A model as declared, with its paths absolute and its key from the environment. */
export const modelFrom = (
  declared: DeclaredModel,
  { absolute, env }: { absolute: (path: string) => string; env: Environment },
): ModelConfig =>
  declared.provider === 'onnx'
    ? { ...declared, path: absolute(declared.path) }
    : {
        ...declared,
        baseUrls: declared.baseUrls.map((url) => url.replace(/\/+$/, '')),
        apiModel: declared.apiModel ?? declared.name,
        apiKey: modelApiKey(declared.name, env),
        tokenizer: declared.tokenizer === null ? null : absolute(declared.tokenizer),
      };

/** What zod can't see. */
export const modelProblems = (model: DeclaredModel, path: string): Problem[] => {
  if (model.provider !== 'openai') return [];
  const problems: Problem[] = [];
  if (model.rendering === 'local' && model.tokenizer === null) {
    problems.push({
      path: `${path}.tokenizer`,
      found: 'nothing',
      expected: 'the folder of the tokenizer whose template is to be applied here (rendering: local)',
    });
  }
  for (const [index, url] of model.baseUrls.entries()) {
    // It would be in logs and messages, and fetch refuses it.
    if (new URL(url).username !== '') {
      problems.push({
        path: `${path}.baseUrls[${index}]`,
        found: 'a name or a password in the address',
        expected: 'the address alone; a key goes into the environment',
      });
    }
  }
  const seen = new Set<string>();
  for (const [index, url] of model.baseUrls.entries()) {
    const same = url.replace(/\/+$/, '');
    if (seen.has(same)) {
      problems.push({ path: `${path}.baseUrls[${index}]`, found: `"${url}" again`, expected: 'an address given once' });
    }
    seen.add(same);
  }
  return problems;
};
