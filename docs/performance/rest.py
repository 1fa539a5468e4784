#!/usr/bin/env python3
"""Start and rest: how long until the server listens and the client's address is printed, and the memory of both 5 s later.

The time of the client is from its command to the line with the address, on a server that has served one before.
"""
import time
import bench


def once(plain, seconds):
    with bench.Scratch() as scratch:
        begun = time.monotonic()
        running = bench.Tunnel(scratch, plain)
        server_ms = (time.monotonic() - begun) * 1000
        local = bench.nginx(scratch)
        running.http(local, 'first')
        time.sleep(1)
        scratch.stop(running.clients.pop())
        begun = time.monotonic()
        running.http(local, 'second')
        client_ms = (time.monotonic() - begun) * 1000
        time.sleep(seconds)
        client = running.clients[0]
        before = bench.cpu(running.processes())
        time.sleep(3)
        return {'server_ms': server_ms, 'client_ms': client_ms, 'server_mib': running.server.rss_mib(), 'client_mib': client.rss_mib(),
                'cpu_ms_s': (bench.cpu(running.processes()) - before) / 3 * 1000}


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--rounds', type=int, default=2)
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    rows = []
    for plain in (False, True):
        several = []
        for number in range(1 if options.quick else options.rounds):
            bench.say(f'round {number + 1}, {"plain" if plain else "TLS"}')
            several.append(once(plain, 1 if options.quick else 5))
        rows.append({'mode': 'plain' if plain else 'TLS', **bench.median(several)})
    bench.report(options.out, 'rest', rows, {'mode': '', 'server_ms': 'server listens after, ms', 'client_ms': 'client is up after, ms',
                                             'server_mib': 'server: RSS, MiB', 'client_mib': 'client: RSS, MiB',
                                             'cpu_ms_s': 'CPU ms a second at rest'})


if __name__ == '__main__':
    main()
