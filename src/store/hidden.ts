import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { HiddenDocument } from './admin-records.ts';
import type { HiddenRepository } from './admin-store.ts';
import { addAuditEntry } from './audit.ts';
import type { Schema } from './schema.ts';

interface Row {
  readonly corpus: string;
  readonly source: string;
  readonly sequence: number | string;
  readonly document_id: string;
}

const toDocument = ({ corpus, source, sequence, document_id }: Row): HiddenDocument => ({
  corpus,
  source,
  sequence: Number(sequence),
  documentId: document_id,
});

export const createHidden = (db: Kysely<Schema>, clock: Clock): HiddenRepository => ({
  all: async (team, corpus) => {
    let query = db.selectFrom('hidden_documents').selectAll().where('team', '=', team);
    if (corpus !== undefined) query = query.where('corpus', '=', corpus);
    const rows = await query.orderBy('hidden_at').execute();
    return rows.map(toDocument);
  },

  everywhere: async () => {
    const rows = await db
      .selectFrom('hidden_documents')
      .select(['corpus', 'source', 'sequence', 'document_id'])
      .distinct()
      .orderBy('corpus')
      .orderBy('source')
      .orderBy('sequence')
      .execute();
    return rows.map(toDocument);
  },

  change: ({ corpus, source, sequence, documentId }, hidden, entry) =>
    db.transaction().execute(async (trx) => {
      const { team, actor } = entry;
      const now = clock.now();
      const changed = hidden
        ? await trx
            .insertInto('hidden_documents')
            .values({ team, corpus, source, sequence, document_id: documentId, hidden_at: now, hidden_by: actor })
            .onConflict((conflict) => conflict.doNothing())
            .returning('source')
            .execute()
        : await trx
            .deleteFrom('hidden_documents')
            .where('team', '=', team)
            .where('corpus', '=', corpus)
            .where('source', '=', source)
            .where('sequence', '=', sequence)
            .returning('source')
            .execute();
      if (changed.length === 0) return false;
      const [before, after] = [{ hidden: !hidden }, { hidden }];
      await addAuditEntry(trx, { ...entry, outcome: 'done', reason: null, before, after }, now);
      return true;
    }),
});
