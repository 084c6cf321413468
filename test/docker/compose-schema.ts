/**
 * What compose.yaml may say: the rules of the Compose specification (https://github.com/compose-spec/compose-spec) for the
 * keys that we use, written down by us. A key that stands here nowhere is a mistake until somebody adds it.
 */
const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text, minItems: 1 } as const;
const duration = { type: 'string', pattern: '^\\d+(ms|s|m|h)$' } as const;
const bytes = { type: 'string', pattern: '^\\d+(b|k|m|g|kb|mb|gb)$' } as const;
const name = '^[a-zA-Z0-9._-]+$';
const object = (properties: Record<string, object>, required: readonly string[] = []) =>
  ({ type: 'object', additionalProperties: false, properties, required }) as const;
const named = (value: object) =>
  ({ type: 'object', additionalProperties: false, patternProperties: { [name]: value } }) as const;

const limits = object({ cpus: { type: 'string', pattern: '^\\d+(\\.\\d+)?$' }, memory: bytes });
const device = object(
  { driver: text, count: { anyOf: [{ type: 'integer' }, { const: 'all' }] }, capabilities: texts },
  ['capabilities'],
);
const service = object(
  {
    image: text,
    build: object({ context: text, dockerfile: text }, ['context']),
    command: texts,
    restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
    init: { type: 'boolean' },
    read_only: { type: 'boolean' },
    ipc: text,
    tmpfs: texts,
    cap_drop: texts,
    security_opt: texts,
    stop_grace_period: duration,
    profiles: { type: 'array', items: { type: 'string', pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]+$' } },
    networks: texts,
    ports: texts,
    env_file: { type: 'array', items: object({ path: text, required: { type: 'boolean' } }, ['path']) },
    environment: { type: 'object', additionalProperties: { type: 'string' } },
    secrets: { type: 'array', items: { anyOf: [text, object({ source: text, target: text }, ['source'])] } },
    volumes: texts,
    depends_on: named(
      object({ condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } }, [
        'condition',
      ]),
    ),
    healthcheck: object(
      {
        test: { type: 'array', items: text, minItems: 2, prefixItems: [{ enum: ['CMD', 'CMD-SHELL'] }] },
        interval: duration,
        timeout: duration,
        start_period: duration,
        retries: { type: 'integer', minimum: 1 },
      },
      ['test'],
    ),
    deploy: object({
      replicas: { type: 'integer', minimum: 1 },
      resources: object({
        limits,
        reservations: object({ devices: { type: 'array', items: device } }),
      }),
    }),
  },
  ['image', 'restart', 'networks', 'healthcheck', 'deploy'],
);

export const composeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['services'],
  patternProperties: { '^x-': {} },
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    services: named(service),
    networks: named(object({ internal: { type: 'boolean' } })),
    volumes: named(object({})),
    secrets: named(object({ file: text }, ['file'])),
  },
} as const;
