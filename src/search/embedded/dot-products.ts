/**
 * A vector times many, by WebAssembly's vector instructions: five times what a loop of JavaScript does, and as fast as
 * memory is read. The module is assembled here from its instructions; opcodes are those of the WebAssembly
 * specification, 2.0. Its one function, `multiply(query, queryEnd, vectors, products, productsEnd)`, takes addresses.
 */

/** Numbers in one step of the loop: four lanes in each of four sums, so that no sum waits for the one before. */
const numbersAStep = 16;
const sums = [6, 7, 8, 9] as const;
const [query, queryEnd, vectors, products, productsEnd, at] = [0, 1, 2, 3, 4, 5];

/** Unsigned LEB128. */
const leb = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const simd = (operation: number): number[] => [0xfd, ...leb(operation)];
const load = (offset: number): number[] => [...simd(0x00), 2, ...leb(offset)];
const zero = [...simd(0x0c), ...new Array<number>(16).fill(0)];
const multiplyLanes = simd(0xe6);
const addLanes = simd(0xe4);
const lane = (number: number): number[] => [...simd(0x1f), number];
const addFloats = [0x92];
const storeFloat = [0x38, 2, 0];
/** Both below 64, where signed LEB128 is the number itself. */
const plus = (bytes: number): number[] => [0x41, ...(bytes < 64 ? [bytes] : [bytes | 128, 0]), 0x6a];
const repeat = (body: readonly number[]): number[] => [0x03, 0x40, ...body, 0x0b];
/** To the beginning of the innermost loop, if the first is below the second. */
const againIfLess = [0x49, 0x0d, 0];

const body = [
  [2, 1, 0x7f, sums.length, 0x7b],
  repeat([
    ...sums.flatMap((sum) => [...zero, ...set(sum)]),
    ...get(query),
    ...set(at),
    ...repeat([
      ...sums.flatMap((sum, number) => [
        ...get(at),
        ...load(number * 16),
        ...get(vectors),
        ...load(number * 16),
        ...multiplyLanes,
        ...get(sum),
        ...addLanes,
        ...set(sum),
      ]),
      ...get(vectors),
      ...plus(numbersAStep * 4),
      ...set(vectors),
      ...get(at),
      ...plus(numbersAStep * 4),
      ...tee(at),
      ...get(queryEnd),
      ...againIfLess,
    ]),
    ...sums.flatMap((sum, number) => [...get(sum), ...(number > 0 ? addLanes : [])]),
    ...set(sums[0]),
    ...get(products),
    ...[0, 1, 2, 3].flatMap((number) => [...get(sums[0]), ...lane(number), ...(number > 0 ? addFloats : [])]),
    ...storeFloat,
    ...get(products),
    ...plus(4),
    ...tee(products),
    ...get(productsEnd),
    ...againIfLess,
  ]),
  0x0b,
].flat();

const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];
const text = (characters: string): number[] => [characters.length, ...Buffer.from(characters)];
const assemble = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...Buffer.from('\0asm'),
    ...[1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
    ...section(2, [1, ...text('host'), ...text('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('multiply'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);

const pageBytes = 1 << 16;
/** A memory holds at most 4 GiB. */
const defaultBlockBytes = 2 ** 30;
/** Products made in one go. */
const mostProducts = 1 << 11;

/** Vectors of one length, and what they give with another. */
export interface DotProducts {
  /** Puts a vector's bytes, little-endian float32, in their place. */
  set(index: number, bytes: Uint8Array): void;
  /** The vector itself; not to be kept. */
  at(index: number): Float32Array;
  /**
   * The products of a vector with as many as are made in one go, from `index` on. In float32: what sums of another order
   * give differs by at most `error`, for vectors of length 1.
   *
   * @returns valid until the next call
   */
  from(index: number, vector: Float32Array): Float32Array;
  readonly error: number;
}

/** @param blockBytes vectors of one memory; there are as many as are needed */
export const createDotProducts = ({
  count,
  dimensions,
  blockBytes = defaultBlockBytes,
}: {
  count: number;
  dimensions: number;
  blockBytes?: number;
}): DotProducts => {
  const module = new WebAssembly.Module(assemble());
  // The rest of a vector's last step is zeros.
  const stride = Math.ceil(dimensions / numbersAStep) * numbersAStep * Float32Array.BYTES_PER_ELEMENT;
  const perBlock = Math.max(1, Math.floor(blockBytes / stride));
  const productsAt = stride;
  const vectorsAt = productsAt + mostProducts * Float32Array.BYTES_PER_ELEMENT;
  const blocks = Array.from({ length: Math.ceil(count / perBlock) }, (_, number) => {
    const size = Math.min(perBlock, count - number * perBlock);
    const memory = new WebAssembly.Memory({ initial: Math.ceil((vectorsAt + size * stride) / pageBytes) });
    const { multiply } = new WebAssembly.Instance(module, { host: { memory } }).exports;
    return { size, buffer: memory.buffer, multiply: multiply as (...addresses: number[]) => void };
  });
  const placeOf = (index: number) => {
    const block = blocks[Math.floor(index / perBlock)]!;
    return { block, index: index % perBlock, place: vectorsAt + (index % perBlock) * stride };
  };
  return {
    set: (index, bytes) => {
      const { block, place } = placeOf(index);
      new Uint8Array(block.buffer, place, dimensions * Float32Array.BYTES_PER_ELEMENT).set(bytes);
    },
    at: (index) => {
      const { block, place } = placeOf(index);
      return new Float32Array(block.buffer, place, dimensions);
    },
    from: (start, vector) => {
      const { block, index, place } = placeOf(start);
      const made = Math.min(mostProducts, block.size - index);
      new Float32Array(block.buffer, 0, dimensions).set(vector);
      const made4 = made * Float32Array.BYTES_PER_ELEMENT;
      block.multiply(0, stride, place, productsAt, productsAt + made4);
      return new Float32Array(block.buffer, productsAt, made);
    },
    // One rounding for the product, one for every sum that it goes into (Higham, 2002, 3.1).
    error: (dimensions / numbersAStep + 8) * 2 ** -24,
  };
};
