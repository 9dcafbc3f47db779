-- Asks for tokens and writes them to a file, one a line: what is revoked must not have been revoked before.
dofile(os.getenv("BENCH_LUA") .. "/request.lua")

local file

function init()
  file = assert(io.open(os.getenv("BENCH_TOKENS"), "w"))
end

function response(_, _, body)
  local token = string.match(body, '"access_token":"([^"]+)"')
  if token then file:write(token, "\n") end
end
