/**
 * Every number that Slack enforces, in one place. Lengths are in characters, times in milliseconds.
 *
 * Source: Slack's Block Kit, views, messages and rate limit pages, read 2026-11. Where Slack's pages and its SDKs
 * disagree the smaller number stands, so that whatever passes here passes there.
 */
export const limits = {
  id: 255,
  blocks: { message: 50, modal: 100, home: 100 },
  /** Not documented; measured by others. Counts readable text, tables apart (they have their own totals). */
  messageBlockText: 13_000,
  text: 3000,
  actions: { elements: 25 },
  alert: { text: 200 },
  card: { title: 150, subtitle: 150, body: 200, subtext: 200, actions: 3 },
  carousel: { elements: 10 },
  container: { title: 150, subtitle: 150, children: 10 },
  context: { elements: 10 },
  contextActions: { elements: 5 },
  dataTable: { rows: 201, columns: 20, pageSize: 100, text: 20_000 },
  chart: {
    perMessage: 2,
    title: 50,
    series: 6,
    segments: 6,
    label: 20,
    points: 20,
    axisLabel: 50,
  },
  header: { text: 150, levels: 4 },
  image: { url: 3000, alt: 2000, title: 2000 },
  input: { label: 2000, hint: 2000 },
  markdown: { text: 12_000 },
  section: { text: 3000, fields: 10, field: 2000 },
  table: { perMessage: 1, rows: 100, columns: 20, text: 10_000 },
  button: { text: 75, value: 2000, url: 3000, label: 75 },
  select: { options: 100, groups: 100, groupLabel: 75 },
  choices: { options: 10 },
  overflow: { options: 5 },
  option: { text: 75, value: 75, description: 75 },
  placeholder: 150,
  plainInput: { length: 3000 },
  lines: 100,
  files: 10,
  confirm: { title: 100, text: 300, button: 30 },
  view: { title: 24, button: 24, metadata: 3000, bytes: 250_000, stack: 3 },
  message: { text: 40_000, updatedText: 4000, attachments: 100 },
  upload: { alt: 1000 },
  ackMs: 3000,
  triggerMs: 3000,
  responseUrl: { uses: 5, ms: 30 * 60_000 },
  /** A redelivered event comes at once, after a minute, and after five more. */
  eventRetryMs: [0, 60_000, 300_000],
  sockets: 10,
  /** Calls a minute that each tier promises. */
  tiers: { 1: 1, 2: 20, 3: 50, 4: 100 },
  /** One message a second in a channel, with a short burst tolerated. */
  post: { perSecond: 1, burst: 3 },
} as const;
