"""A store of proeftuin in Redis or Valkey: `Engine.open("redis://127.0.0.1:6379/0?prefix=pilots")`.

It keeps all that `proeftuin.spi` promises, and offers the parts `Definitions`, `Delivers`, `Bulk` and `Erases`. What is
acknowledged outlives the server only where Redis writes each command to its disk; `RedisStore.durable` says whether.
"""

from proeftuin_redis._opening import open_redis
from proeftuin_redis._store import RedisStore

__all__ = ["RedisStore", "open_redis"]
