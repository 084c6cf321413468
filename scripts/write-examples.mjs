// `npm run examples`: writes .env.example and tenkyo.example.yaml from the schemas in src/config. A test fails where the
// files are not what this writes.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleFiles } from '../src/config/example-files.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const [name, text] of Object.entries(exampleFiles())) writeFileSync(join(root, name), text);
