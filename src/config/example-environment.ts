import { environmentSections } from './environment.ts';

interface Shown {
  readonly name: string;
  readonly description: string;
  readonly example: string;
  readonly usual: string | null;
}

const shown = (variables: (typeof environmentSections)[number]['variables']): Shown[] =>
  Object.entries(variables.shape).map(([name, schema]) => {
    const {
      description = '',
      examples = [],
      usual = null,
    } = (schema as { meta(): Record<string, unknown> }).meta() as {
      description?: string;
      examples?: string[];
      usual?: string;
    };
    return { name, description, example: examples[0] ?? '', usual };
  });

/** Every variable of the environment, in the order of the example file. */
export const environmentVariables: readonly Shown[] = environmentSections.flatMap(({ variables }) => shown(variables));

/** A commented `.env` that shows every variable; nothing in it is set. */
export const exampleEnvironment = (heading: readonly string[]): string =>
  [
    ...heading.map((line) => `# ${line}`.trimEnd()),
    ...environmentSections.flatMap(({ title, variables }) => [
      '',
      `# ── ${title}`,
      ...shown(variables).flatMap(({ name, description, example, usual }) => [
        `# ${description}${usual === null ? '' : ` Default: ${usual}.`}`,
        `# ${name.replace('<APP>', 'OUR_MODEL').replace('<MODEL>', 'OUR_MODEL')}=${example}`,
      ]),
    ]),
    '',
  ].join('\n');
