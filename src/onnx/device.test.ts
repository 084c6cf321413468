import { expect, test } from '@jest/globals';
import { loadOnBestDevice, mayHaveCuda } from './device.ts';

test('CUDA is tried where a driver is', () => {
  expect(mayHaveCuda(() => false)).toBe(false);
  expect(mayHaveCuda((file) => file === '/dev/nvidiactl')).toBe(true);
});

test('a model goes to the GPU, and to the CPU where that fails, with the reason kept', async () => {
  const load = async ({ device }: { device: string }): Promise<string> => `on ${device}`;
  expect(await loadOnBestDevice(load, false)).toEqual({ model: 'on cpu', device: 'cpu', refusal: null });
  expect(await loadOnBestDevice(load, true)).toEqual({ model: 'on cuda', device: 'cuda', refusal: null });
  const withoutLibrary = async (options: { device: string }): Promise<string> => {
    if (options.device === 'cuda') throw new Error('libonnxruntime_providers_cuda.so: no such file\n at …');
    return load(options);
  };
  expect(await loadOnBestDevice(withoutLibrary, true)).toEqual({
    model: 'on cpu',
    device: 'cpu',
    refusal: 'libonnxruntime_providers_cuda.so: no such file',
  });
  const broken = async (): Promise<string> => {
    throw new Error('no graph');
  };
  await expect(loadOnBestDevice(broken, true)).rejects.toThrow('no graph');
});
