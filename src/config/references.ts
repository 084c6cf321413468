import { corpusProblems } from './corpora.ts';
import { modelProblems } from './models.ts';
import type { Problem } from './problems.ts';
import type { Declarations } from './schema.ts';

const known = (names: readonly string[]): string =>
  names.length > 0 ? `one of ${names.join(', ')}` : 'a declared one (none is)';

/** What zod can't see: names that point nowhere, names given twice. */
export const referenceProblems = (declared: Declarations): Problem[] => {
  const problems: Problem[] = [];
  const models = declared.models.map(({ name }) => name);
  const runs = declared.runs.map(({ name }) => name);
  const check = (path: string, found: string, names: readonly string[]): void => {
    if (!names.includes(found)) problems.push({ path, found: `"${found}"`, expected: known(names) });
  };

  for (const [index, app] of declared.apps.entries()) {
    const isModel = app.roles.includes('model');
    if (isModel && app.model === null)
      problems.push({ path: `apps[${index}].model`, found: 'nothing', expected: known(models) });
    if (!isModel && app.model !== null) {
      problems.push({
        path: `apps[${index}].model`,
        found: `"${app.model}"`,
        expected: 'no model: the app has no role "model"',
      });
    }
    if (app.model !== null) check(`apps[${index}].model`, app.model, models);
  }
  for (const [index, model] of declared.models.entries()) {
    if (model.run !== null) check(`models[${index}].run`, model.run, runs);
    problems.push(...modelProblems(model, `models[${index}]`));
  }
  for (const [index, { first, second }] of declared.comparisons.entries()) {
    check(`comparisons[${index}].first.model`, first.model, models);
    check(`comparisons[${index}].second.model`, second.model, models);
  }
  for (const [index, corpus] of declared.corpora.entries()) {
    for (const [place, run] of corpus.runs.entries()) check(`corpora[${index}].runs[${place}]`, run, runs);
    problems.push(...corpusProblems(corpus, `corpora[${index}]`));
  }
  for (const kind of ['apps', 'runs', 'models', 'comparisons', 'corpora'] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of declared[kind].entries()) {
      if (seen.has(name))
        problems.push({ path: `${kind}[${index}].name`, found: `"${name}" again`, expected: 'a name used once' });
      seen.add(name);
    }
  }
  return problems;
};
