import type { IndexManifest } from '../src/search/embedded/build-folder.ts';
import { type BuildResult, buildIndex } from './build-index.ts';
import { buildOnServers, type IndexServers } from './build-on-servers.ts';
import type { BuildOptions } from './plan-build.ts';

/** What a build says of itself, wherever the index is. */
export interface BuildOutcome extends Omit<BuildResult, 'manifest'> {
  readonly manifest: Pick<
    IndexManifest,
    'corpus' | 'buildId' | 'fingerprint' | 'documents' | 'passages' | 'vectors' | 'rejects'
  >;
}

/** Builds the index of a corpus where it is to be: on this machine (and beside it on servers), or on servers alone. */
export const buildCorpus = (options: BuildOptions & { readonly alone?: IndexServers | null }): Promise<BuildOutcome> =>
  options.alone ? buildOnServers(options, options.alone) : buildIndex(options);
