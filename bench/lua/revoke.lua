-- Revokes each token of a file once. When there is none left it stops and says so: a token that is revoked
-- already costs no write, so going on would measure something else.
dofile(os.getenv("BENCH_LUA") .. "/request.lua")

ran_out = false
local tokens
local stopped

function init()
  tokens = assert(io.open(os.getenv("BENCH_TOKENS"), "r"))
end

function request()
  local token = tokens:read("*l")
  if not token then
    ran_out = true
    token = ""
    if not stopped then
      stopped = true
      wrk.thread:stop()
    end
  end
  return wrk.format(nil, nil, nil, "token=" .. token)
end
