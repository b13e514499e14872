import { z } from 'zod';
import { datasetName } from '../../core/export-job.ts';

/** An export that is there, as it was when it was planned. */
export const Exported = z.object({
  /** Cloudflare’s number of it. */
  job: z.number().int(),
  /** May be empty. */
  name: z.string(),
  dataset: z.string(),
  place: z.string(),
});
export type Exported = z.infer<typeof Exported>;

/** `the export of the Access log to s3://lantern-logs` */
export function exportName({ dataset, place }: Pick<Exported, 'dataset' | 'place'>): string {
  return `the export of the ${datasetName(dataset)} to ${place}`;
}
