import { z } from 'zod';

/** How Slack reaches the bots. */
export const slack = z
  .strictObject({
    receive: z
      .enum(['socket', 'http'])
      .default('socket')
      .describe(
        'How events arrive: `socket` (Socket Mode: the bots connect to Slack, nothing has to be reachable from outside; needs `<APP>_APP_TOKEN`) or `http` (Slack connects to the bots: needs `publicUrl`, `SLACK_LISTEN` and `<APP>_SIGNING_SECRET`).',
      ),
    publicUrl: z
      .url({ protocol: /^https$/, error: 'an address, https://…' })
      .nullish()
      .transform((url) => url ?? null)
      .meta({
        description:
          'With `receive: http`: the https address under which Slack reaches `SLACK_LISTEN`, without a path.',
        examples: ['https://bots.example.org'],
      }),
    bodyLimit: z
      .int()
      .min(16_384)
      .max(67_108_864)
      .default(1_048_576)
      .describe(
        'With `receive: http`: most bytes of a request; more is refused with 413 before anything is read of it.',
      ),
  })
  .prefault({})
  .describe('How Slack reaches the bots.');

export type SlackDeclared = z.infer<typeof slack>;
