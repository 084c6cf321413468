import type { Pooling } from '../onnx/protocol.ts';

/** What a model wants done to its texts, as its card says. */
export interface EmbeddingPreset {
  /** Length of the vectors. */
  readonly dimensions: number;
  readonly pooling: Pooling;
  /** Put before a query, before a passage. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** The vectors lie so close to each other, by language, that each language's mean is to be taken from them. */
  readonly centred: boolean;
}

const ruri = (dimensions: number): EmbeddingPreset => ({
  dimensions,
  pooling: 'mean',
  queryPrefix: '検索クエリ: ',
  passagePrefix: '検索文書: ',
  centred: false,
});

const e5 = (dimensions: number): EmbeddingPreset => ({
  dimensions,
  pooling: 'mean',
  queryPrefix: 'query: ',
  passagePrefix: 'passage: ',
  centred: true,
});

const plain = { queryPrefix: '', passagePrefix: '', centred: false };

/** Models by name; the model cards on Hugging Face are the source of prefixes, pooling and dimensions. */
export const embeddingPresets = {
  'ruri-v3-30m': ruri(256),
  'ruri-v3-70m': ruri(384),
  'ruri-v3-130m': ruri(512),
  'ruri-v3-310m': ruri(768),
  'multilingual-e5-small': e5(384),
  'multilingual-e5-base': e5(768),
  'multilingual-e5-large': e5(1024),
  'bge-m3': { ...plain, dimensions: 1024, pooling: 'cls' },
  'static-embedding-japanese': { ...plain, dimensions: 1024, pooling: 'mean' },
  demo: { ...plain, dimensions: 256, pooling: 'mean' },
} as const satisfies Record<string, EmbeddingPreset>;

export type EmbeddingPresetName = keyof typeof embeddingPresets;
