/** What says that a Node is too old, or null; nothing here may need a newer one. */
export const nodeProblem = (version: string): string | null =>
  Number(version.split('.')[0]) >= 24
    ? null
    : `tenkyo: Node ${version} is too old\n  expected: Node 24 or newer\n  remedy: Install Node 24 from https://nodejs.org and run the same command again.`;
