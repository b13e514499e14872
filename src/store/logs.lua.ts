/**
 * Stores rows, each once.
 *
 * KEYS: rows. ARGV: for each row the prefix that it is found by, the member that it takes the place of ('' for none), and
 * its member.
 *
 * Replies with how many were new, and those for which another member is there: their number from 0, and that member.
 */
export const ADD_ROWS_LUA = `
local added, others = 0, {}
for i = 1, #ARGV, 3 do
  local prefix, expected, member = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local found = redis.call('ZRANGEBYLEX', KEYS[1], '[' .. prefix, '(' .. prefix .. '~', 'LIMIT', 0, 1)[1]
  if not found then
    redis.call('ZADD', KEYS[1], 0, member)
    added = added + 1
  elseif found ~= member then
    if found == expected then
      redis.call('ZADD', KEYS[1], 0, member)
      redis.call('ZREM', KEYS[1], found)
    else
      others[#others + 1] = { (i - 1) / 3, found }
    end
  end
end
return { added, others }
`;

/**
 * Drops the oldest rows of both kinds: those that are too old, and once there are none, those that are too many.
 *
 * KEYS: rows of one kind, rows of the other. ARGV: the end of what is too old, how many rows may stay, how many are
 * dropped at most.
 *
 * Replies with how many were dropped, and the newest of them.
 */
export const DROP_ROWS_LUA = `
local limit = tonumber(ARGV[3])
local counts = { 0, 0 }
for i = 1, 2 do
  counts[i] = math.min(limit, redis.call('ZLEXCOUNT', KEYS[i], '-', ARGV[1]))
end
if counts[1] + counts[2] == 0 then
  local tooMany = redis.call('ZCARD', KEYS[1]) + redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[2])
  tooMany = math.min(limit, tooMany)
  if tooMany <= 0 then return { 0, '' } end
  local one = redis.call('ZRANGE', KEYS[1], 0, tooMany - 1)
  local other = redis.call('ZRANGE', KEYS[2], 0, tooMany - 1)
  for i = 1, tooMany do
    local first, second = one[counts[1] + 1], other[counts[2] + 1]
    if not second or (first and string.sub(first, 1, 13) <= string.sub(second, 1, 13)) then
      counts[1] = counts[1] + 1
    else
      counts[2] = counts[2] + 1
    end
  end
end
local newest = ''
for i = 1, 2 do
  if counts[i] > 0 then
    local last = redis.call('ZRANGE', KEYS[i], counts[i] - 1, counts[i] - 1)[1]
    redis.call('ZREMRANGEBYRANK', KEYS[i], 0, counts[i] - 1)
    if newest == '' or string.sub(last, 1, 13) > string.sub(newest, 1, 13) then newest = last end
  end
end
return { counts[1] + counts[2], newest }
`;
