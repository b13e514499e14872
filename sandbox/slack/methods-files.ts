import { asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { channelToPostIn } from './methods-chat.ts';
import { invalidArguments, Refusal, type Method } from './method.ts';
import { findMessage } from './find-in-workspace.ts';
import { addMessage } from './post.ts';
import type { SentFile, StoredFile } from './workspace.ts';

const needs = { tier: 4, token: 'bot', scopes: ['files:write'] } as const;

const mimeTypes: Readonly<Record<string, string>> = { csv: 'text/csv', png: 'image/png' };

/** A file as Slack describes it: where it lies can be read with the app's token alone. */
export function fileJson(base: string, { id, name, body, by }: StoredFile): JsonObject {
  const filetype = typeOf(name);
  const address = `${base}files-pri/${id}/${encodeURIComponent(name)}`;
  return {
    id,
    name,
    title: name,
    mimetype: mimeTypes[filetype] ?? 'text/plain',
    filetype,
    size: body?.length ?? 0,
    mode: 'hosted',
    is_external: false,
    ...(by === undefined ? {} : { user: by }),
    url_private: address,
    url_private_download: `${base}files-pri/${id}/download/${encodeURIComponent(name)}`,
  };
}

/** The three steps of an upload; the middle one is a plain POST to `upload_url`. */
export const fileMethods: Method[] = [
  {
    name: 'files.info',
    tier: 4,
    token: 'bot',
    scopes: ['files:read'],
    run({ workspace, base }, args) {
      const file = workspace.files.get(args.required('file'));
      if (file?.body === undefined) throw new Refusal('file_not_found');
      return { file: fileJson(base(), file), comments: [], response_metadata: { next_cursor: '' } };
    },
  },
  {
    name: 'files.getUploadURLExternal',
    ...needs,
    run({ workspace, base }, args) {
      const length = Number(args.required('length'));
      if (!Number.isInteger(length) || length <= 0) throw invalidArguments('length must be a positive number');
      const alt = args.text('alt_txt');
      if (alt.length > limits.upload.alt) throw invalidArguments('alt_txt is too long');
      // Slack's own SDK sends `alt_text` here, which the method does not know.
      if (args.has('alt_text') && alt === '') workspace.suspect('files.getUploadURLExternal: alt_text is ignored');
      const id = workspace.nextId('F');
      const name = args.required('filename');
      workspace.files.set(id, { id, name, length, alt, body: undefined, isShared: false });
      return { upload_url: `${base()}upload/${id}`, file_id: id };
    },
  },
  {
    name: 'files.completeUploadExternal',
    ...needs,
    run({ workspace }, args) {
      const listed = args.objects('files') ?? [];
      if (listed.length === 0) throw invalidArguments('missing required field: files');
      const files = listed.map((one) => ({ title: asText(one['title']), file: uploaded(workspace.files, one['id']) }));
      if (args.has('channel_id')) {
        // A message may go to a person’s id; a file may not.
        if (workspace.users.has(args.text('channel_id'))) throw new Refusal('channel_not_found');
        const channel = channelToPostIn(workspace, args.text('channel_id'));
        const parent = args.has('thread_ts') ? findMessage(channel, args.text('thread_ts')) : undefined;
        if (args.has('thread_ts') && parent === undefined) throw new Refusal('invalid_thread_ts');
        const content = { text: args.text('initial_comment'), blocks: objectsOf(args.json('blocks')), attachments: [] };
        addMessage(workspace, channel, content, {
          user: workspace.app.botUserId,
          from: 'api',
          threadTs: parent?.threadTs ?? parent?.ts,
          files: files.map(({ title, file }) => shown(file, title)),
        });
      }
      for (const { file } of files) file.isShared = true;
      return { files: files.map(({ title, file }) => ({ id: file.id, title: title || file.name })) };
    },
  },
];

function uploaded(files: Map<string, StoredFile>, id: unknown): StoredFile {
  const file = files.get(asText(id));
  if (file === undefined || file.isShared) throw new Refusal('file_not_found');
  if (file.body === undefined) throw new Refusal('file_upload_incomplete');
  return file;
}

/** A picture has its bytes as an address that a page can draw; anything else has its text. */
function shown({ id, name, alt, body }: StoredFile, title: string): SentFile {
  const file = { id, name, title: title || name, alt };
  if (typeOf(name) !== 'png') return { ...file, text: body?.toString('utf8') ?? '', picture: undefined };
  return { ...file, text: '', picture: `data:image/png;base64,${body?.toString('base64') ?? ''}` };
}

function typeOf(name: string): string {
  return name.includes('.') ? (name.split('.').at(-1) ?? 'text').toLowerCase() : 'text';
}
