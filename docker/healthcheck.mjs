// Whether this container's process is ready: 0, else 1. The port is the operator's own.
const port = (process.env.OPERATOR_LISTEN ?? '').split(':').at(-1);
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = status === 200 ? 0 : 1;
} catch {
  process.exitCode = 1;
}
