-- Appending: all commits are judged, then all are written. `judge` does only the first half.

local function given()
  local one = {
    tenant = take(), id = take(), expected = take(), version = take(), since = take(), ref = maybe(), terms = take(),
  }
  one.head, one.entries, one.receipts, one.personal, one.erased = some(), some(), some(), some(), some()
  return one
end

local function receipt_taken(one)
  local receipts = key('receipts', one.tenant, one.id)
  for number = 1, #one.receipts, 2 do
    if redis.call('HEXISTS', receipts, one.receipts[number]) == 1 then
      return true
    end
  end
  return false
end

local function subject_taken(one)
  local personal, seen = key('personal', one.tenant, one.id), {}
  for number = 1, #one.personal, 3 do
    local subject = one.personal[number]
    if seen[subject] or redis.call('HEXISTS', personal, subject) == 1 then
      return true
    end
    seen[subject] = true
  end
  return false
end

-- Two pilots that begin in one append are judged against each other too.
local function ref_taken(one, refs)
  if one.expected ~= '0' or not one.ref then
    return false
  end
  local name = key('index', one.tenant, 'ref=' .. one.ref)
  if refs[name] or redis.call('EXISTS', name) == 1 then
    return true
  end
  refs[name] = true
  return false
end

-- What speaks against a commit, and the version that is there; nothing where it may be written.
local function fault(one, refs)
  local actual = redis.call('HGET', key('pilot', one.tenant, one.id), 'version') or '0'
  if one.expected == '0' and actual ~= '0' then
    return 'id', actual
  end
  if actual ~= one.expected or receipt_taken(one) then
    return 'version', actual
  end
  if string.format('%.0f', redis.call('LLEN', key('events', one.tenant, one.id))) ~= actual then
    return 'events', actual
  end
  if subject_taken(one) then
    return 'subject', actual
  end
  if ref_taken(one, refs) then
    return 'ref', actual
  end
end

local function judged(commits)
  local refs = {}
  for number, one in ipairs(commits) do
    local what, actual = fault(one, refs)
    if what then
      return {number - 1, what, actual}
    end
  end
end

local function split(terms)
  local found = {}
  for term in string.gmatch(terms, '[^%z]+') do
    found[term] = true
  end
  return found
end

local function reindex(one, was)
  if was == one.terms then
    return
  end
  local before, after = split(was or ''), split(one.terms)
  for term in pairs(before) do
    if not after[term] then
      redis.call('ZREM', key('index', one.tenant, term), one.id)
    end
  end
  for term in pairs(after) do
    if not before[term] then
      redis.call('ZADD', key('index', one.tenant, term), 0, one.id)
    end
  end
end

local function write_personal(one)
  local personal = key('personal', one.tenant, one.id)
  for number = 1, #one.personal, 3 do
    local subject, ref, kept = one.personal[number], one.personal[number + 1], one.personal[number + 2]
    redis.call('HSET', personal, subject, kept)
    redis.call('ZADD', key('holders', one.tenant, ref), 0, one.id .. '\0' .. subject)
  end
  for _, subject in ipairs(one.erased) do
    local kept = redis.call('HGET', personal, subject)
    if kept then
      redis.call('HDEL', personal, subject)
      redis.call('ZREM', key('holders', one.tenant, string.match(kept, '^[^%z]*')), one.id .. '\0' .. subject)
    end
  end
end

local function write(one)
  local pilot, events = key('pilot', one.tenant, one.id), key('events', one.tenant, one.id)
  for _, entry in ipairs(one.entries) do
    redis.call('RPUSH', events, entry)
  end
  reindex(one, redis.call('HGET', pilot, 'terms'))
  redis.call('DEL', pilot)
  redis.call('HSET', pilot, 'version', one.version, 'terms', one.terms, unpack(one.head))
  for number = 1, #one.receipts, 2 do
    redis.call('HSET', key('receipts', one.tenant, one.id), one.receipts[number], one.receipts[number + 1])
    redis.call('ZADD', key('keys', one.tenant, one.id), 0, one.receipts[number])
  end
  write_personal(one)
  if redis.call('HSETNX', key('since', one.tenant), one.id, one.since) == 1 then
    redis.call('ZADD', key('news', one.tenant), 0, one.since .. one.id)
  end
  if one.expected == '0' then
    redis.call('ZADD', key('ids', one.tenant), 0, one.id)
    redis.call('ZADD', key('tenants'), 0, one.tenant)
  end
end

local act, commits = take(), {}
for number = 1, tonumber(take()) do
  commits[number] = given()
end
local found = judged(commits)
if found or act == 'judge' then
  return found or false
end
local refusal = begin()
if refusal then
  return refusal
end
for _, one in ipairs(commits) do
  write(one)
end
return false
