-- A workflow is kept once: 1 where it is kept as given, 0 where another one has its name and version.

local _, kept, hash, body = take(), key('workflow', take(), take()), take(), take()
local refusal = begin()
if refusal then
  return refusal
end
if redis.call('HSETNX', kept, 'hash', hash) == 1 then
  redis.call('HSET', kept, 'body', body)
end
local found = redis.call('HMGET', kept, 'hash', 'body')
return found[1] == hash and found[2] == body and 1 or 0
