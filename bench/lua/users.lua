-- Makes a user with an address that nobody has.
dofile(os.getenv("BENCH_LUA") .. "/request.lua")

local prefix = os.getenv("BENCH_PREFIX")
local count = 0

function request()
  count = count + 1
  local body = string.format('{"email":"%s-%d@example.com","name":"Ada Lovelace"}', prefix, count)
  return wrk.format(nil, nil, nil, body)
end
