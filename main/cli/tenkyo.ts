#!/usr/bin/env node
import { nodeProblem } from './node-version.ts';

// What an installed `tenkyo` runs. An older Node would fail on the first import it doesn't know, with a text that helps
// nobody: so nothing else is loaded before this.
const problem = nodeProblem(process.versions.node);
if (problem === null) await import('./main.ts');
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
