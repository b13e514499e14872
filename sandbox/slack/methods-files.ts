import { asText, objectsOf, type JsonObject } from './json.ts';
import { limits } from './limits.ts';
import { channelToPostIn } from './methods-chat.ts';
import { invalidArguments, Refusal, type Method } from './method.ts';
import { findMessage } from './find-in-workspace.ts';
import { addMessage } from './post.ts';
import type { StoredFile } from './workspace.ts';

const needs = { tier: 4, token: 'bot', scopes: ['files:write'] } as const;

/** A file as Slack describes it: where it lies can be read with the app's token alone. */
export function fileJson(base: string, { id, name, body, by }: StoredFile): JsonObject {
  const filetype = name.includes('.') ? (name.split('.').at(-1) ?? 'text').toLowerCase() : 'text';
  const address = `${base}files-pri/${id}/${encodeURIComponent(name)}`;
  return {
    id,
    name,
    title: name,
    mimetype: filetype === 'csv' ? 'text/csv' : 'text/plain',
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
        const channel = channelToPostIn(workspace, args.text('channel_id'));
        const parent = args.has('thread_ts') ? findMessage(channel, args.text('thread_ts')) : undefined;
        if (args.has('thread_ts') && parent === undefined) throw new Refusal('invalid_thread_ts');
        const content = { text: args.text('initial_comment'), blocks: objectsOf(args.json('blocks')), attachments: [] };
        addMessage(workspace, channel, content, {
          user: workspace.app.botUserId,
          from: 'api',
          threadTs: parent?.threadTs ?? parent?.ts,
          files: files.map(({ title, file }) => ({
            id: file.id,
            name: file.name,
            title: title || file.name,
            text: file.body?.toString('utf8') ?? '',
          })),
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
