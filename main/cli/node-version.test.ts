import { expect, it } from '@jest/globals';
import { nodeProblem } from './node-version.ts';

it('names the Node that is needed, and nothing where it is there', () => {
  expect(nodeProblem('20.20.2')).toContain('expected: Node 24 or newer');
  expect(nodeProblem('24.0.0')).toBeNull();
  expect(nodeProblem('26.1.0')).toBeNull();
});
