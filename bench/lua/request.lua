-- One request from the environment, sent again and again; says how it went in one line of JSON.
-- Without a function `request` wrk formats it once and enters Lua no more.
local function given(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

wrk.method = given("BENCH_METHOD") or "GET"
wrk.path = given("BENCH_PATH")
wrk.body = given("BENCH_BODY")
wrk.headers["Host"] = given("BENCH_HOST")
wrk.headers["Authorization"] = given("BENCH_AUTHORIZATION")
wrk.headers["Content-Type"] = given("BENCH_TYPE")

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function done(summary, latency)
  local errors = summary.errors
  local ran_out = 0
  for _, thread in ipairs(threads) do
    if thread:get("ran_out") then ran_out = 1 end
  end
  io.write(string.format(
    '\nBENCH {"requests":%d,"micros":%d,"refused":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,' ..
    '"ranOut":%d,"p50":%d,"p99":%d,"max":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect, errors.read, errors.write,
    errors.timeout, ran_out, latency:percentile(50), latency:percentile(99), latency.max))
end
