import { TestEnvironment } from 'jest-environment-node';

// onnxruntime and PGlite check `instanceof` against the process's own typed arrays; jest's sandbox has another set.
const shared = [
  'Float32Array',
  'Float64Array',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'BigInt64Array',
  'BigUint64Array',
  'ArrayBuffer',
];

export default class OuterRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
  }
}
