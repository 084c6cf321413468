/** Told of what workers do. */
export interface JobMeter {
  /** A job began after it had waited. */
  began(queue: string, waitedSeconds: number): void;
  ended(queue: string, outcome: 'done' | 'failed' | 'put back', seconds: number): void;
  /** Taken over from a worker that gave no sign of life. */
  stalled(queue: string): void;
  /** This worker lost a job to another: its writes count no more. */
  fenced(queue: string): void;
}
