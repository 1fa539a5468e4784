#!/usr/bin/env python3
"""What a request costs with 1 to 1,000 tunnels, beside 0 to 10,000 idle connections, and from 50 to 1,000 visitors at once: it should
not depend on either.

tunnels: that many clients, in one process, each with one tunnel; requests, on 50 connections, go to one of them, and then to each
in turn.
idle: one tunnel serves requests on 50 connections, another one of another client holds silent TCP visitors.
visitors: that many connections ask through one TCP tunnel at once, by the tunnel with and without TLS and by rathole. (With Noise
rathole 0.5.0 stands still for 1,000.)

tunnels and idle go through the HTTP edge, under TLS unless told otherwise. Processor time is that of the server and of all client
processes. What they cost without a request (pings, and each client's look for sleep and changed networks, which is there a thousand
times here) is a column of its own, and taken off in the one called "less rest", which is compared with the first row. 10,000 idle
connections need `ulimit -n` of 41,000 on the server; where it is lower, the last step is as large as it may be.
"""
import os, time
import bench
from crowd import Crowd, Echo

TUNNELS = [1, 10, 100, 1_000]
IDLE = [0, 1_000, 10_000]
VISITORS = [50, 200, 1_000]
HOSTS = '''
local n = {count}
local i = 0
request = function()
  i = (i + 1) % n
  return wrk.format("GET", "/", {{["Host"] = "t" .. i .. ".localhost:{port}"}})
end
'''


def resting(processes, seconds=3):
    before = bench.cpu(processes)
    time.sleep(seconds)
    return (bench.cpu(processes) - before) / seconds * 1000


def load(port, host, processes, seconds, script=None):
    """Requests until the compilers have come to rest, then those that count: the median of three."""
    once = lambda seconds: bench.wrk(port, host, processes, 50, seconds, script=script)
    bench.warm(lambda: once(seconds + 1), processes)
    row = bench.median([once(seconds) for _ in range(3)])
    rest = resting(processes)
    return {**row, 'resting_ms_s': rest, 'cpu_net_us': row['cpu_us'] - rest * 1000 / row['requests_s']}


def with_tunnels(count, plain, seconds):
    with bench.Scratch() as scratch:
        local = bench.nginx(scratch)
        running = bench.Tunnel(scratch, plain, '-Xmx512m', ports=1_100)
        java = os.readlink(f'/proc/{running.server.pid}/exe')
        # the collector and bounds of bin/.launch
        client = scratch.start(java, '-XX:+UseSerialGC', '-XX:+UseCompactObjectHeaders', '-Xms16m', '-Xmx512m', '-Xss512k',
                               '--add-opens', 'java.base/java.lang=ALL-UNNAMED', # as the jar's manifest has it
                               '-cp', f'{bench.HOME}/client/target/tunnel-client.jar', f'{bench.HERE}/ManyTunnels.java',
                               f'{running.state}/join', local, count, *running.plain)
        bench.wait_until(lambda: len(set(client.says(r'//(t\d+)\.localhost:\d+ -> '))) == count, 180, f'the start of {count} tunnels')
        running.clients.append(client)
        script = scratch.write('hosts.lua', HOSTS.format(count=count, port=running.http_port))
        one = load(running.http_port, f't0.localhost:{running.http_port}', running.processes(), seconds)
        row = load(running.http_port, 'unused', running.processes(), seconds, script)
        return {'tunnels': count, 'one_us': one['cpu_net_us'], 'one_p99_ms': one['p99_ms'], 'one_errors': one['errors'], **row,
                'server_mib': running.server.rss_mib(), 'client_mib': client.rss_mib()}


def beside_idle(counts, plain, seconds):
    echo, crowd = Echo(), None
    try:
        with bench.Scratch() as scratch:
            running = bench.Tunnel(scratch, plain, '-Xmx512m', ports=10, server_options=['--max-visitors-per-tunnel', 20_000])
            port, host = running.http(bench.nginx(scratch))
            crowd = Crowd(running.tcp(echo.port)[0])
            for count in counts:
                held = crowd.grow_to(count)
                bench.say(f'{held} idle connections')
                time.sleep(2)
                row = load(port, host, running.processes(), seconds)
                yield {'idle': held, **row, 'alive': crowd.trip()[0] if held else 0}
    finally:
        if crowd:
            crowd.stop()
        echo.stop()


def of_visitors(counts, seconds):
    with bench.Scratch() as scratch:
        local = bench.nginx(scratch)
        ways = {}
        for name, plain in ('tls', False), ('plain', True):
            running = bench.Tunnel(scratch, plain, '-Xmx512m', ports=3)
            ways[name] = (*running.tcp(local), running.processes())
        if bench.find('rathole'):
            rathole = bench.Rathole(scratch, local, noise=False)
            ways['rathole'] = (rathole.port, rathole.host, rathole.processes())
        for visitors in counts:
            bench.say(f'{visitors} visitors')
            once = {name: lambda way=way: bench.wrk(*way, visitors, seconds) for name, way in ways.items()}
            for name, way in ways.items():
                bench.warm(once[name], way[-1])
            rounds = [{name: each() for name, each in once.items()} for _ in range(3)]
            row = {'visitors': visitors}
            for name in ways:
                of_way = bench.median([one[name] for one in rounds])
                row |= {f'{name}_us': of_way['cpu_us'], f'{name}_p99_ms': of_way['p99_ms'], f'{name}_errors': of_way['errors']}
            yield row


def with_change(rows, of='cpu_net_us', name='change'):
    """Adds by how much each row's cost differs from the first one's."""
    for row in rows:
        row[name] = f'{(row[of] / rows[0][of] - 1) * 100:+.0f} %'
    return rows


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--seconds', type=int, default=3, help='for each load')
    parser.add_argument('--plain', action='store_true', help='without TLS between server and client')
    parser.add_argument('--only', choices=['tunnels', 'idle', 'visitors'])
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.most_warming = 1 if options.quick else bench.most_warming
    limit = bench.raise_file_limit(65_536)
    bench.build()
    seconds = 1 if options.quick else options.seconds
    headings = {'cpu_us': 'CPU µs a request', 'cpu_net_us': 'less rest', 'change': 'against the first', 'p50_ms': 'p50 ms', 'p99_ms': 'p99 ms',
                'requests_s': 'requests/s', 'resting_ms_s': 'rest: CPU ms a second'}
    if options.only in (None, 'tunnels'):
        rows = []
        for count in TUNNELS[:3] if options.quick else TUNNELS:
            bench.say(f'{count} tunnels')
            rows.append(with_tunnels(count, options.plain, seconds))
        bench.report(options.out, 'flat-tunnels', with_change(with_change(rows, 'one_us', 'one_change')), {
            'tunnels': 'tunnels', 'one_us': 'to one of them: CPU µs a request, less rest', 'one_change': 'against the first',
            'one_p99_ms': 'p99 ms', **headings, 'cpu_us': 'to all in turn: CPU µs a request'})
    if options.only in (None, 'idle'):
        most = IDLE[-1] if limit >= 41_000 else int((limit - 1_000) * 2 / 5) // 100 * 100
        counts = IDLE[:2] if options.quick else [*IDLE[:-1], min(IDLE[-1], most)]
        rows = with_change(list(beside_idle(counts, options.plain, seconds)))
        bench.report(options.out, 'flat-idle', rows, {'idle': 'idle connections', **headings, 'alive': 'that carry bytes'})
    if options.only in (None, 'visitors'):
        rows = list(of_visitors(VISITORS[:2] if options.quick else VISITORS, seconds))
        shown = {'visitors': 'visitors at once'}
        for name, title in ('tls', 'tunnel: CPU µs a request'), ('plain', 'tunnel-plain'), ('rathole', 'rathole'):
            if f'{name}_us' in rows[0]:
                with_change(rows, f'{name}_us', f'{name}_change')
                shown |= {f'{name}_us': title, f'{name}_change': 'against the first'}
        bench.report(options.out, 'flat-visitors', rows, shown)


if __name__ == '__main__':
    main()
