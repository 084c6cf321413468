import type { Schemas } from '@qdrant/js-client-rest';
import { TenkyoError } from '../../errors.ts';
import type { Qdrant } from './qdrant.ts';
import type { collectionNames } from './schema.ts';

const retries = 4;

const findAliased = async (qdrant: Qdrant, alias: string, signal?: AbortSignal): Promise<string | null> => {
  const { aliases } = await qdrant.call({ collection: null, retries, signal }, (api, init) =>
    api.getCollectionsAliases({}, init),
  );
  return aliases.find(({ alias_name }) => alias_name === alias)?.collection_name ?? null;
};

/** The collection that an alias stands for. @throws TenkyoError `index_missing` */
export const currentCollection = async (qdrant: Qdrant, alias: string): Promise<string> => {
  const found = await findAliased(qdrant, alias);
  if (found !== null) return found;
  throw new TenkyoError('index_missing', 'the corpus has no current build on the Qdrant server', {
    where: `${qdrant.address}, alias ${alias}`,
    remedy: 'Build the index: tenkyo index.',
  });
};

/** Puts the alias on a build in one step, and drops all builds but it and the one before, which may still be read. */
export const makeCurrent = async ({
  qdrant,
  names,
  collection,
  signal,
}: {
  qdrant: Qdrant;
  names: ReturnType<typeof collectionNames>;
  collection: string;
  signal: AbortSignal | undefined;
}): Promise<void> => {
  const { alias } = names;
  const before = await findAliased(qdrant, alias, signal);
  if (before !== collection) {
    const actions: Schemas['AliasOperations'][] = [
      ...(before === null ? [] : [{ delete_alias: { alias_name: alias } }]),
      { create_alias: { collection_name: collection, alias_name: alias } },
    ];
    await qdrant.call({ collection: null, retries, signal }, (api, init) => api.updateAliases({ actions }, init));
  }
  const { collections } = await qdrant.call({ collection: null, retries, signal }, (api, init) =>
    api.getCollections({}, init),
  );
  for (const { name } of collections) {
    if (!names.isBuild(name) || name === collection || name === before) continue;
    await qdrant.call({ collection: name, retries, signal }, (api, init) =>
      api.deleteCollection({ collection_name: name }, init),
    );
  }
};
