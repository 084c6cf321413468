export default {
  roots: [
    '<rootDir>/src',
    '<rootDir>/bots',
    '<rootDir>/workers',
    '<rootDir>/indexers',
    '<rootDir>/playground',
    '<rootDir>/main',
    '<rootDir>/test',
  ],
  testMatch: ['**/*.test.ts'],
  testEnvironment: '<rootDir>/test/support/jest/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/jest/strip-types.mjs' },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.tenkyo/'],
  testTimeout: 60_000,
  workerIdleMemoryLimit: '1500MB',
};
