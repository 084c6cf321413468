import { chunk } from '../../corpus/chunk.ts';
import type { DrawnPassage } from '../index-target.ts';
import type { ElasticsearchConnection } from './connect.ts';
import { explainElasticsearchError } from './errors.ts';
import { readAlias } from './names.ts';

/** Documents of one answer: their texts may be long. */
const documentsAtOnce = 200;

type Fields = Omit<DrawnPassage, 'text'> & { readonly text: string };

/** A passage out of the middle of each of the documents whose lots are least. */
export const drawPassages = async (
  { client, where }: ElasticsearchConnection,
  { prefix, corpus }: { prefix: string; corpus: string },
  limit: number,
): Promise<DrawnPassage[]> => {
  const drawn: DrawnPassage[] = [];
  let after: unknown[] | undefined;
  try {
    while (drawn.length < limit) {
      const { hits } = await client.search<Fields>({
        index: readAlias(prefix, corpus, 'documents'),
        size: Math.min(documentsAtOnce, limit - drawn.length),
        _source: ['source', 'sequence', 'title', 'text'],
        sort: ['draw', 'source', 'sequence'],
        track_total_hits: false,
        ...(after && { search_after: after as string[] }),
      });
      if (hits.hits.length === 0) break;
      after = hits.hits.at(-1)!.sort;
      for (const { _source } of hits.hits) {
        const { source, sequence, title, text } = _source!;
        const passages = chunk({ source, sequence, text });
        const passage = passages[passages.length >>> 1];
        if (passage) drawn.push({ source, sequence, title, text: passage.text });
      }
    }
  } catch (error) {
    throw explainElasticsearchError(error, { where, corpus });
  }
  return drawn;
};
