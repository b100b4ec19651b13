-- Lanes: a hash for each, and sorted sets per subscriber that say which are there, due, behind or parked.

local act, tenant = take(), take()

local lanes = {}

local FIELDS = {'delivered', 'target', 'attempts', 'due', 'claimed', 'parked', 'error', 'token'}

-- A lane as it is, and a copy to change; nothing where there is no such lane.
local function rows_of(name, id)
  local values = redis.call('HMGET', key('lane', tenant, name, id), unpack(FIELDS))
  if not values[1] then
    return nil
  end
  local was, row = {}, {}
  for number, field in ipairs(FIELDS) do
    was[field], row[field] = values[number], values[number]
  end
  return was, row
end

local function put(kind, name, member, holds)
  if holds then
    redis.call('ZADD', key(kind, tenant, name), 0, member)
  else
    redis.call('ZREM', key(kind, tenant, name), member)
  end
end

local function is_behind(row)
  return row.target ~= nil and later(row.target, row.delivered)
end

-- Keep a lane as it is now, and the sets with it; `was` is empty for a new one.
local function keep(name, id, was, row)
  if was.due ~= row.due and was.due then
    put('due', name, was.due .. id, false)
  end
  if was.due ~= row.due and row.due then
    put('due', name, row.due .. id, true)
  end
  if not was.target then
    put('lanes', name, id, true)
  end
  if is_behind(was) ~= is_behind(row) then
    put('behind', name, id, is_behind(row))
  end
  if (was.parked or false) ~= (row.parked or false) then
    put('parked', name, id, row.parked)
  end
  local lane, set, gone = key('lane', tenant, name, id), {}, {}
  for _, field in ipairs(FIELDS) do
    if row[field] then
      table.insert(set, field)
      table.insert(set, row[field])
    elseif was[field] then
      table.insert(gone, field)
    end
  end
  redis.call('HSET', lane, unpack(set))
  if #gone > 0 then
    redis.call('HDEL', lane, unpack(gone))
  end
end

local function new_row(delivered, target)
  return {delivered = delivered, target = target, attempts = '0', token = '0'}
end

-- Make what is new known, and the lane due, unless it is already, waits after a failure or is parked.
local function fan(name, id, version, now)
  local was, row = rows_of(name, id)
  was, row = was or {}, row or new_row('0', '0')
  if later(version, row.target) then
    row.target = version
    row.due = row.due or (not row.parked and now)
    keep(name, id, was, row)
  end
end

-- No token is given twice, also when a lane is dropped and made anew. INCR gives a double here, GET does not.
local function new_token()
  redis.call('INCR', key('tokens', tenant))
  return redis.call('GET', key('tokens', tenant))
end

local function version_of(id)
  return redis.call('HGET', key('pilot', tenant, id), 'version')
end

function lanes.subscribe()
  local name, body, now, beginning = take(), take(), take(), take() == '1'
  local known = redis.call('HEXISTS', key('subscriptions', tenant), name) == 1
  redis.call('HSET', key('subscriptions', tenant), name, body)
  for _, id in ipairs(among(key('ids', tenant), '-', '+', -1)) do
    local version = version_of(id)
    if known then
      fan(name, id, version, now)
    else
      local row = new_row(beginning and '0' or version, version)
      row.due = beginning and now
      keep(name, id, {}, row)
    end
  end
end

function lanes.unsubscribe()
  local name = take()
  for _, id in ipairs(among(key('lanes', tenant, name), '-', '+', -1)) do
    redis.call('DEL', key('lane', tenant, name, id))
  end
  for _, kind in ipairs({'lanes', 'due', 'behind', 'parked'}) do
    redis.call('DEL', key(kind, tenant, name))
  end
  return redis.call('HDEL', key('subscriptions', tenant), name)
end

function lanes.subscriptions()
  return redis.call('HGETALL', key('subscriptions', tenant))
end

function lanes.fan_out()
  local now, limit = take(), take()
  local names = redis.call('HKEYS', key('subscriptions', tenant))
  if #names == 0 then
    return 0
  end
  local marks = among(key('news', tenant), '-', '+', limit)
  for _, mark in ipairs(marks) do
    local id = string.sub(mark, #now + 1)
    for _, name in ipairs(names) do
      fan(name, id, version_of(id), now)
    end
    redis.call('ZREM', key('news', tenant), mark)
    redis.call('HDEL', key('since', tenant), id)
  end
  return #marks
end

function lanes.claim()
  local name, behind, till, limit, found = take(), take(), take(), take(), {}
  for number, member in ipairs(among(key('due', tenant, name), '-', '(' .. behind, limit)) do
    local id = string.sub(member, #till + 1)
    local was, row = rows_of(name, id)
    row.token, row.due, row.claimed = new_token(), till, '1'
    keep(name, id, was, row)
    found[number] = {id, row.token, row.delivered, row.target, row.attempts}
  end
  return found
end

local function held(name, id, token)
  local was, row = rows_of(name, id)
  if row and row.claimed and row.token == token then
    return was, row
  end
end

function lanes.renew()
  local name, id, token, now, till = take(), take(), take(), take(), take()
  local was, row = held(name, id, token)
  if not row or not later(row.due, now) then
    return 0
  end
  row.due = till
  keep(name, id, was, row)
  return 1
end

function lanes.settle()
  local name, id, token, delivered, fault, again, park = take(), take(), take(), take(), maybe(), take(), take() == '1'
  local was, row = held(name, id, token)
  if not row then
    return 0
  end
  local attempts = later(delivered, row.delivered) and 0 or tonumber(row.attempts)
  row.attempts = string.format('%d', attempts + (fault and 1 or 0))
  row.delivered, row.error, row.claimed, row.parked = delivered, fault, false, park and '1'
  row.due = not park and later(row.target, delivered) and again
  keep(name, id, was, row)
  return 1
end

function lanes.resend()
  local name, id, now, after = take(), take(), take(), maybe()
  local was, row = rows_of(name, id)
  if not row then
    return 0
  end
  if after then
    row.delivered = later(after, row.target) and row.target or after
  end
  row.token, row.attempts, row.claimed, row.parked, row.error = new_token(), '0', false, false, false
  row.due = later(row.target, row.delivered) and now
  keep(name, id, was, row)
  return 1
end

local STEP, PARKED = 1000, 6

function lanes.lanes()
  local name, parked, from, limit, found = take(), take(), take(), tonumber(take()), {}
  local all = key(parked == '1' and 'parked' or 'lanes', tenant, name)
  while #found < limit do
    local ids = among(all, from, '+', STEP)
    for _, id in ipairs(ids) do
      local values = redis.call('HMGET', key('lane', tenant, name, id), unpack(FIELDS))
      if #found < limit and not (parked == '0' and values[PARKED]) then
        table.insert(found, {id, unpack(values)})
      end
    end
    if #ids < STEP then
      break
    end
    from = '(' .. ids[#ids]
  end
  return found
end

function lanes.lag()
  local name, counts = take(), {}
  for number, kind in ipairs({'lanes', 'behind', 'parked'}) do
    counts[number] = redis.call('ZCARD', key(kind, tenant, name))
  end
  return counts
end

local READS = {subscriptions = true, lanes = true, lag = true}

if not READS[act] then
  local refusal = begin()
  if refusal then
    return refusal
  end
end
return lanes[act]()
