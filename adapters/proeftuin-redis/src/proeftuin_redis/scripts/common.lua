-- What stands before each script.
--
-- 1. KEYS[1] is the prefix, and every key is named here: a word, and the names in it, each behind its length in bytes.
--    So no two keys differ by a separator alone, and any character may stand in a name.
-- 2. Numbers are texts. Lua has only doubles, so versions, instants and tokens are compared as digits, by `later`.
-- 3. No text holds a NUL, as `check_commits` sees to it; so a NUL separates texts that are kept as one.
-- 4. Everything is judged before anything is written: Redis runs a script alone, but takes nothing of it back.

local SCHEMA = '1'

local at = 0

local function take()
  at = at + 1
  return ARGV[at]
end

-- A count, and so many arguments.
local function some()
  local given = {}
  for number = 1, tonumber(take()) do
    given[number] = take()
  end
  return given
end

-- Nothing, or a text behind an equals sign.
local function maybe()
  local given = take()
  return given ~= '' and string.sub(given, 2)
end

local function key(kind, ...)
  local name = KEYS[1] .. kind
  for _, part in ipairs({...}) do
    name = name .. '/' .. #part .. ':' .. part
  end
  return name
end

-- Whether one number is above another; both are digits, without a sign.
local function later(one, other)
  return #one > #other or (#one == #other and one > other)
end

-- Members of a sorted set, whose scores are all 0, by their bytes.
local function among(name, from, to, limit)
  return redis.call('ZRANGE', name, from, to, 'BYLEX', 'LIMIT', 0, limit)
end

-- Before the first write: the schema is ours, or there is none yet.
local function begin()
  local found = redis.call('GET', key('schema'))
  if found and found ~= SCHEMA then
    return redis.error_reply('SCHEMA ' .. found)
  end
  if not found then
    redis.call('SET', key('schema'), SCHEMA)
  end
end
