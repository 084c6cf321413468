import { exampleEnvironment } from './example-environment.ts';
import { exampleYaml } from './example-yaml.ts';
import { declarations } from './schema.ts';

/** The example files of a configuration, by name; `npm run examples` writes them. */
export const exampleFiles = (): Readonly<Record<string, string>> => ({
  'tenkyo.example.yaml': exampleYaml(declarations, [
    'Every setting of tenkyo.yaml with its meaning. Written by `npm run examples` from the schema.',
    'Paths are relative to the file. What is in comments is optional and shows an example; everything else that says',
    '“Default” may be left out. Secrets and addresses of servers are in .env: see .env.example.',
  ]),
  '.env.example': exampleEnvironment([
    'Every variable that Tenkyo reads, from the environment or from a file `.env` where it is started.',
    'Written by `npm run examples`. Nothing here is set: take away the `# ` before a name.',
    '',
    'Instead of NAME, NAME_FILE may name a file that holds it, for all that end in _TOKEN, _SECRET, _API_KEY, _PASSWORD',
    'or _URL: container engines hand over secrets so.',
  ]),
});
