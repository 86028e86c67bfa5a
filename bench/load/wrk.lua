-- Arguments after "--": requests sent at once, the method, the body, a field
-- that changes. A dash stands for none. The last line printed is read by wrk.ts.

function init(args)
  local pipelined = tonumber(args[1])
  wrk.method = args[2]
  if args[3] ~= "-" then wrk.body = args[3] end

  local format = wrk.format
  wrk.format = function(...)
    return string.rep(format(...), pipelined)
  end

  local changing = args[4]
  if changing ~= "-" then
    local count = 0
    request = function()
      count = count + 1
      wrk.headers[changing] = string.format("n=%08d", count)
      return wrk.format()
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'summary {"requests":%d,"octets":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,'
      .. '"refused":%d,"broken":%d,"late":%d,"status":%d}',
    summary.requests, summary.bytes, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect, errors.read + errors.write, errors.timeout, errors.status
  ))
end
