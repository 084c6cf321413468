/** The arrows of the house: who may import whom. */
const room = (...names) => `^(${names.join('|')})/`;
const srcRoom = (...names) => `^src/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src-knows-nobody',
      severity: 'error',
      from: { path: room('src'), pathNot: '\\.test\\.ts$' },
      to: { path: room('bots', 'workers', 'indexers', 'playground', 'main', 'test', 'bench') },
    },
    {
      name: 'src-tests-know-test-support',
      comment: 'what a test of src needs from outside is a builder or a fixture of test/support',
      severity: 'error',
      from: { path: '^src/.*\\.test\\.ts$' },
      to: {
        path: room('bots', 'workers', 'indexers', 'playground', 'main', 'test', 'bench'),
        pathNot: '^test/support/',
      },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { pathNot: '^(main|test|bench)/' },
      to: { path: room('main') },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: ['^(test|bench)/', '\\.test\\.ts$'] },
      to: { path: '(^test/|^bench/|\\.test\\.ts$)' },
    },
    {
      name: 'bots-use-src-only',
      severity: 'error',
      from: { path: room('bots') },
      to: { path: room('workers', 'indexers', 'playground') },
    },
    {
      name: 'workers-use-src-and-indexers',
      severity: 'error',
      from: { path: room('workers') },
      to: { path: room('bots', 'playground') },
    },
    {
      name: 'indexers-use-src-only',
      severity: 'error',
      from: { path: room('indexers') },
      to: { path: room('bots', 'workers', 'playground') },
    },
    {
      name: 'playground-uses-src-only',
      severity: 'error',
      from: { path: room('playground') },
      to: { path: room('bots', 'workers', 'indexers') },
    },
    {
      name: 'page-uses-protocol-only',
      severity: 'error',
      from: { path: '^playground/web/' },
      to: { path: ['^src/', '^playground/server/'] },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      from: { path: '^playground/protocol/' },
      to: { pathNot: '^playground/protocol/' },
    },
    {
      name: 'ground-floor',
      comment: 'text, corpus and provenance import only each other, errors.ts and the standard library',
      severity: 'error',
      from: { path: srcRoom('text', 'corpus', 'provenance'), pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^src/(text|corpus|provenance)/', '^src/errors\\.ts$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'only-bots-hold-tokens',
      severity: 'error',
      from: { path: room('workers', 'indexers') },
      to: { path: 'node_modules/@slack/(bolt|web-api)' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
