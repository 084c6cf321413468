/** Bytes of one frame; the last piece of it says so. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/** A stretch of the stream, and what stands behind it. */
interface Part {
  readonly length: number;
  readonly next: ReadPart;
  readonly endsFrame: boolean;
}

/** Reads the part that begins at `at`; null: its header is not all there yet. */
type ReadPart = (bytes: Uint8Array, at: number) => Part | null;

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

const little = (bytes: Uint8Array, at: number, length: number): number => {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + bytes[at + index]!;
  return value;
};

/** Length of a frame's header with its magic number (RFC 8878, 3.1.1.1), by its descriptor byte. */
const headerLength = (descriptor: number): number => {
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return 4 + 1 + (isSingle ? 0 : 1) + dictionary + contentSize;
};

const checksum: ReadPart = () => ({ length: 4, next: frame, endsFrame: true });

const block =
  (hasChecksum: boolean): ReadPart =>
  (bytes, at) => {
    if (bytes.length - at < 3) return null;
    const header = little(bytes, at, 3);
    const isLast = (header & 1) !== 0;
    // A run-length block holds one byte, whatever its size says.
    const length = 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3);
    if (!isLast) return { length, next: block(hasChecksum), endsFrame: false };
    return { length, next: hasChecksum ? checksum : frame, endsFrame: !hasChecksum };
  };

const frame: ReadPart = (bytes, at) => {
  if (bytes.length - at < 8) return null;
  const magic = little(bytes, at, 4);
  if (magic - (magic % 16) === skippableMagic) {
    return { length: 8 + little(bytes, at + 4, 4), next: frame, endsFrame: true };
  }
  // No frame: all the rest, for the decompressor to refuse.
  if (magic !== frameMagic) return { length: Number.POSITIVE_INFINITY, next: frame, endsFrame: true };
  const descriptor = bytes[at + 4]!;
  return { length: headerLength(descriptor), next: block((descriptor & 4) !== 0), endsFrame: false };
};

/**
 * Finds the frames of a Zstandard stream. Node's decompressor stops where the first frame ends and drops the rest
 * without a word, while parallel compressors and `cat` write many frames, one after the other.
 *
 * @returns the bytes that came, cut where frames end; a stream that ends within a frame ends without a last piece
 */
export async function* zstdFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<FramePiece> {
  let read: ReadPart = frame;
  let part: Part | null = null;
  let left = 0;
  let held: Uint8Array = new Uint8Array();
  for await (const chunk of stream) {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    let from = 0;
    let at = 0;
    for (;;) {
      if (part === null) {
        part = at < bytes.length ? read(bytes, at) : null;
        if (part === null) break;
        left = part.length;
      }
      const step = Math.min(left, bytes.length - at);
      left -= step;
      at += step;
      if (left > 0) break;
      if (part.endsFrame) {
        yield { bytes: bytes.subarray(from, at), last: true };
        from = at;
      }
      read = part.next;
      part = null;
    }
    if (at > from) yield { bytes: bytes.subarray(from, at), last: false };
    held = bytes.subarray(at);
  }
  if (held.length > 0) yield { bytes: held, last: false };
}
