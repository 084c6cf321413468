import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

// Node itself erases the types, as it does in production: what the tests run is what `node main/cli/main.ts` runs.
// Erasing keeps every character's place, so line and column of a failure are those of the source.
export default {
  getCacheKey: (source, path) => createHash('sha256').update(`${process.version}\0${path}\0${source}`).digest('hex'),
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
