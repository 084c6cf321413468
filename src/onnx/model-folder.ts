import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TenkyoError } from '../errors.ts';

/** 8-bit weights as transformers.js names them; in `onnx/`, without the ending. */
export const usualWeights = 'model_quantized';

/** A model in the transformers.js layout. */
export interface ModelFolder {
  readonly modelFile: string;
  readonly tokenizerFile: string;
  /** `config.json`: positions the model has; null where it says nothing. */
  readonly contextLength: number | null;
  /** `config.json`: size of a hidden state, which is that of an embedding; null where it says nothing. */
  readonly hiddenSize: number | null;
}

/**
 * Looks for the files of a tokenizer: the folder of a model that runs elsewhere may hold no more.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`, naming the file
 */
export const checkTokenizerFolder = async (path: string): Promise<{ tokenizerFile: string; configFile: string }> => {
  const tokenizerFile = join(path, 'tokenizer.json');
  const configFile = join(path, 'tokenizer_config.json');
  await readJson(tokenizerFile);
  await readJson(configFile);
  return { tokenizerFile, configFile };
};

/**
 * Looks whether a model folder is whole, without loading it: every file there, JSON that parses, an ONNX file whose
 * parts end where the file ends. A few milliseconds.
 *
 * @throws TenkyoError `file_missing` or `file_corrupt`, naming the file
 */
export const checkModelFolder = async (path: string, weights: string = usualWeights): Promise<ModelFolder> => {
  const modelFile = join(path, 'onnx', `${weights}.onnx`);
  const config = await readJson(join(path, 'config.json'));
  const { tokenizerFile } = await checkTokenizerFolder(path);
  await checkOnnxFile(modelFile);
  return {
    modelFile,
    tokenizerFile,
    contextLength: positive(config.max_position_embeddings ?? config.n_positions),
    hiddenSize: positive(config.hidden_size ?? config.n_embd),
  };
};

const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;

const remedy = 'Copy the model folder again from where it came, then run `tenkyo doctor`.';

export const corruptModelFile = (where: string, expected: string, found: string, cause?: unknown): TenkyoError =>
  new TenkyoError('file_corrupt', 'A file of the model is broken.', { where, expected, found, remedy, cause });

const unreadable = (where: string, cause: unknown): TenkyoError =>
  new TenkyoError('file_missing', 'A file of the model is missing or cannot be read.', {
    where,
    expected: 'a file of a model in the transformers.js layout',
    found: cause instanceof Error ? cause.message : String(cause),
    remedy,
    cause,
  });

const readJson = async (file: string): Promise<Record<string, unknown>> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corruptModelFile(file, 'JSON', error instanceof Error ? error.message : String(error), error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw corruptModelFile(file, 'a JSON object', JSON.stringify(value).slice(0, 40));
  }
  return { ...value };
};

/** Field 7 of `ModelProto` is its graph (onnx.proto3). */
const graphField = 7;
const varint = 0;
const eightBytes = 1;
const counted = 2;
const fourBytes = 5;

/**
 * Steps over the top-level fields of the file's protobuf message: a file that was cut, or is something else, doesn't end
 * where its last field ends.
 */
const checkOnnxFile = async (file: string): Promise<void> => {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const { size } = await handle.stat();
    let position = 0;
    let hasGraph = false;
    while (position < size) {
      const head = await readHead(handle, position);
      const end = head && position + head.bytes + head.length;
      if (!head || !end || end > size) {
        throw corruptModelFile(file, end ? `at least ${end} bytes` : 'an ONNX model', `${size} bytes`);
      }
      hasGraph ||= head.field === graphField;
      position = end;
    }
    if (!hasGraph) throw corruptModelFile(file, 'an ONNX model with a graph', `${size} bytes without one`);
  } finally {
    await handle.close();
  }
};

interface FieldHead {
  readonly field: number;
  /** Bytes of the head itself, and of what follows it. */
  readonly bytes: number;
  readonly length: number;
}

const readHead = async (handle: FileHandle, position: number): Promise<FieldHead | undefined> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, position);
  const bytes = buffer.subarray(0, bytesRead);
  const tag = readVarint(bytes, 0);
  if (!tag || tag.value < 8) return undefined;
  const field = Math.floor(tag.value / 8);
  const value = readVarint(bytes, tag.end);
  switch (tag.value % 8) {
    case varint:
      return value && { field, bytes: value.end, length: 0 };
    case counted:
      return value && { field, bytes: value.end, length: value.value };
    case eightBytes:
      return { field, bytes: tag.end, length: 8 };
    case fourBytes:
      return { field, bytes: tag.end, length: 4 };
    default:
      return undefined;
  }
};

const readVarint = (bytes: Uint8Array, start: number): { value: number; end: number } | undefined => {
  let value = 0;
  for (let at = start; at < Math.min(bytes.length, start + 10); at += 1) {
    // Not by bit shifts: a graph may be longer than 2 GB.
    value += (bytes[at]! & 0x7f) * 2 ** (7 * (at - start));
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  return undefined;
};
