import { createHash } from 'node:crypto';

/** This product's own namespace; a point keeps its id over all builds. */
const namespace = Buffer.from('6c9f0d1e5b7a4f0c9f1d2e7b83a4c650', 'hex');

/** Qdrant takes whole numbers and UUIDs as ids: the UUID of version 5 (RFC 9562, 5.5) of a passage's id. */
export const pointId = (passageId: string): string => {
  const bytes = createHash('sha1').update(namespace).update(passageId).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
