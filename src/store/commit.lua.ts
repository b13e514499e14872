/**
 * Stores one change, all of it or nothing.
 *
 * KEYS: request, unfinished requests, audit log, audit head, staged effects, entries aside; then notes that are dropped with it.
 * ARGV:  1 version that the request was made from ('' without a request)  2 its new version  3 its JSON  4 its id
 *        5 its creation time ('' when it is over)
 *        6, 7 number and hash of the audit head that the entries continue  8, 9 those of the head after them
 *       10 how many audit entries follow; then the entries, then the effects
 *
 * Replies with what happened and the audit head as it is now, empty where a part of it is missing: `stored`; `version`, the
 * request is not at that version; `head`, the entries continue another head; `past`, the log already goes on past its head;
 * `no-log`, something else is in the place of the log.
 */
export const COMMIT_LUA = `
-- Whoever can write to Redis may have put anything there.
local head = redis.pcall('HMGET', KEYS[4], 'seq', 'hash')
local seq, hash = head[1] or '', head[2] or ''
if not head.err and not head[1] and not head[2] then
  seq, hash = '0', string.rep('0', 64)
end

if ARGV[1] ~= '' and (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then
  return { 'version', seq, hash }
end
local entries = tonumber(ARGV[10])
local isAside = ARGV[6] == ''
if entries > 0 and not isAside and (seq ~= ARGV[6] or hash ~= ARGV[7]) then
  return { 'head', seq, hash }
end

-- The log comes first: it is the only write here that Redis can refuse, and a script is not rolled back.
for i = 1, entries do
  if isAside then
    redis.call('RPUSH', KEYS[6], ARGV[10 + i])
  else
    local added = redis.pcall('XADD', KEYS[3], string.format('%.0f-0', tonumber(seq) + i), 'entry', ARGV[10 + i])
    if type(added) == 'table' and added.err then
      if string.find(added.err, 'ID specified in XADD', 1, true) then return { 'past', seq, hash } end
      if string.find(added.err, 'WRONGTYPE', 1, true) then return { 'no-log', seq, hash } end
      return added
    end
  end
end
if entries > 0 and not isAside then
  seq, hash = ARGV[8], ARGV[9]
  redis.call('HSET', KEYS[4], 'seq', seq, 'hash', hash)
end
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], 'version', ARGV[2], 'json', ARGV[3])
  if ARGV[5] == '' then
    redis.call('ZREM', KEYS[2], ARGV[4])
  else
    redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4])
  end
end
for i = 11 + entries, #ARGV do
  redis.call('RPUSH', KEYS[5], ARGV[i])
end
for i = 7, #KEYS do
  redis.call('DEL', KEYS[i])
end
return { 'stored', seq, hash }
`;
