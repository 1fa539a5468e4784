#!/usr/bin/env python3
"""Start and rest: how long until the server listens and the client's address is printed, and the memory of both 5 s later.

The time of the client is from its command to the line with the address, on a server that has served one before. Rows without
cache are those without the files that bin/prepare makes.
"""
import time
import bench


MODES = {'TLS': (False, ''), 'plain': (True, ''), 'TLS, no cache': (False, '-Xshare:auto')}


def once(plain, java, seconds):
    with bench.Scratch() as scratch:
        begun = time.monotonic()
        running = bench.Tunnel(scratch, plain, java)
        server_ms = (time.monotonic() - begun) * 1000
        server_cpu_ms = running.server.cpu() * 1000
        local = bench.nginx(scratch)
        running.http(local, 'first')
        time.sleep(1)
        scratch.stop(running.clients.pop())
        begun = time.monotonic()
        running.http(local, 'second')
        client_ms = (time.monotonic() - begun) * 1000
        client = running.clients[0]
        client_cpu_ms = client.cpu() * 1000
        time.sleep(seconds)
        before = bench.cpu(running.processes())
        time.sleep(3)
        return {'server_ms': server_ms, 'client_ms': client_ms, 'server_cpu_ms': server_cpu_ms, 'client_cpu_ms': client_cpu_ms,
                'server_mib': running.server.rss_mib(), 'client_mib': client.rss_mib(),
                'cpu_ms_s': (bench.cpu(running.processes()) - before) / 3 * 1000}


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--rounds', type=int, default=2)
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    rows = []
    for mode, (plain, java) in MODES.items():
        several = []
        for number in range(1 if options.quick else options.rounds):
            bench.say(f'round {number + 1}, {mode}')
            several.append(once(plain, java, 1 if options.quick else 5))
        rows.append({'mode': mode, **bench.median(several)})
    bench.report(options.out, 'rest', rows, {'mode': '', 'server_ms': 'server listens after, ms', 'client_ms': 'client is up after, ms',
                                             'server_cpu_ms': 'server: CPU until then, ms', 'client_cpu_ms': 'client: CPU until then, ms',
                                             'server_mib': 'server: RSS, MiB', 'client_mib': 'client: RSS, MiB',
                                             'cpu_ms_s': 'CPU ms a second at rest'})


if __name__ == '__main__':
    main()
