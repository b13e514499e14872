import { z } from 'zod';

const PROJECT = 'com.docker.compose.project';
export const SERVICE = 'com.docker.compose.service';
/** `docker compose run`: one that somebody started by hand for a moment. */
const ONE_OFF = 'com.docker.compose.oneoff';

/** One of `GET /containers/json`. */
export const Summary = z
  .object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    Image: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  })
  .transform(({ Id, Names, Image, Labels }) => ({
    name: Names?.[0]?.replace(/^\//, '') ?? Id,
    image: Image,
    project: Labels?.[PROJECT] ?? '',
    service: Labels?.[SERVICE],
    isOneOff: Labels?.[ONE_OFF] === 'True',
  }));
export type Summary = z.infer<typeof Summary>;
