-- Questions. Redis itself holds them to it that they write nothing.

local SUMMARY = {
  'ref', 'workflow', 'version', 'state', 'phase', 'outcome', 'hold', 'organisation', 'programme', 'track_states',
  'created_at', 'updated_at', 'digest', 'signals',
}

local STEP = 1000 -- pilots that one call looks at, so that no question keeps the others waiting for long

local ask = {}

local function loaded(tenant, id, wanted, have)
  local pilot = key('pilot', tenant, id)
  local version = redis.call('HGET', pilot, 'version')
  if not version then
    return false
  end
  local receipt = wanted and redis.call('HGET', key('receipts', tenant, id), wanted)
  local head = version ~= have and redis.call('HMGET', pilot, 'body', 'fold', unpack(SUMMARY))
  return {version, receipt or false, head}
end

function ask.load()
  local tenant, found = take(), {}
  for number = 1, tonumber(take()) do
    found[number] = loaded(tenant, take(), maybe(), take())
  end
  return found
end

-- The first event of a list is number 0 there, so what is behind a version begins at that number.
function ask.history()
  local tenant, id, after, last = take(), take(), take(), take()
  return redis.call('LRANGE', key('events', tenant, id), after, last)
end

function ask.receipt()
  return redis.call('HGET', key('receipts', take(), take()), take())
end

function ask.receipts()
  local tenant, id, from, limit, found = take(), take(), take(), take(), {}
  for number, name in ipairs(among(key('keys', tenant, id), from, '+', limit)) do
    found[number] = {name, redis.call('HGET', key('receipts', tenant, id), name)}
  end
  return found
end

function ask.personal()
  return redis.call('HGETALL', key('personal', take(), take()))
end

function ask.holders()
  return among(key('holders', take(), take()), '-', '+', take())
end

function ask.schema()
  return redis.call('GET', key('schema'))
end

function ask.tenants()
  return among(key('tenants'), take(), '+', take())
end

function ask.workflow()
  return redis.call('HMGET', key('workflow', take(), take()), 'hash', 'body')
end

-- The sets that a pilot must be in, the smallest first: it leads, and the others are asked about each of its pilots.
local function sets(tenant, terms)
  local names = {}
  for number, term in ipairs(terms) do
    names[number] = key('index', tenant, term)
  end
  if #names == 0 then
    return {key('ids', tenant)}
  end
  local sizes = {}
  for _, name in ipairs(names) do
    sizes[name] = redis.call('ZCARD', name)
  end
  table.sort(names, function(one, other) return sizes[one] < sizes[other] end)
  return names
end

local function fits(tenant, id, names, updated)
  for number = 2, #names do
    if not redis.call('ZSCORE', names[number], id) then
      return false
    end
  end
  return not updated or later(redis.call('HGET', key('pilot', tenant, id), 'updated_at') or '', updated)
end

-- Show pilots that fit, in order of id; return the last that was looked at, or nothing at the end.
local function walk(tenant, show)
  local from, updated, names = take(), maybe(), sets(tenant, some())
  local ids = among(names[1], from, '+', STEP)
  for _, id in ipairs(ids) do
    if fits(tenant, id, names, updated) and show(id) then
      return id
    end
  end
  return #ids == STEP and ids[STEP]
end

function ask.find()
  local tenant, limit, found = take(), tonumber(take()), {}
  local last = walk(tenant, function(id)
    table.insert(found, {id, unpack(redis.call('HMGET', key('pilot', tenant, id), unpack(SUMMARY)))})
    return #found == limit
  end)
  return {last, found}
end

function ask.count()
  local tenant, counts, found = take(), {}, {}
  local last = walk(tenant, function(id)
    local place = redis.call('HMGET', key('pilot', tenant, id), 'phase', 'state')
    local name = (place[1] or '') .. '\0' .. (place[2] or '')
    counts[name] = (counts[name] or 0) + 1
  end)
  for place, number in pairs(counts) do
    table.insert(found, {place, number})
  end
  return {last, found}
end

return ask[take()]()
