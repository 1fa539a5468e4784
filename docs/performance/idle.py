#!/usr/bin/env python3
"""Idle connections: visitors' TCP connections through TLS, both programs in a bounded heap, and what they take.

Each step opens more and prints, for server and client: resident memory, KiB a connection (what came since there were none), the heap
that is alive after a full collection, and on how many of the connections bytes still go there and back.

A server needs two files a visitor, and so does a client: 20,000 visitors need `ulimit -n` of 41,000 or more (root may raise it,
others find it in /etc/security/limits.conf). Where the limit is lower it goes as far as that, in a heap that is smaller in the
same proportion. A session has 10,000 data channels at the most, so there is a client for each 9,000 connections; the client's
figures are the sum over them.
"""
import math, time
import bench
from crowd import Crowd, Echo

STEPS = [0, 1_000, 2_500, 5_000, 10_000, 20_000]
A_CLIENT = 9_000
SETTLE = 2  # seconds until what the opening had to do is done
FILES_BESIDE = 700  # listeners, logs, idle data channels, and what Java opens


def steps(most, limit):
    """Those that the file limit lets us have, the last one as large as it may be: the server divides what it has by its own rule."""
    room = most if limit >= 40_000 + FILES_BESIDE else int((limit - FILES_BESIDE) * 2 / 5)
    wanted = [step for step in STEPS if step <= most]
    return [step for step in wanted if step <= room] + ([room // 100 * 100] if wanted[-1] > room else [])


def step_row(count, running, crowds, rest):
    share = math.ceil(count / len(crowds))
    held = sum(crowd.grow_to(min(share, count - index * share)) for index, crowd in enumerate(crowds))
    time.sleep(SETTLE)
    alive, seconds = (0, 0.0) if count == 0 else map(sum, zip(*[crowd.trip() for crowd in crowds]))
    server, client = running.server.rss_mib(), sum(one.rss_mib() for one in running.clients)
    rest = rest or (server, client)
    each = lambda now, before: (now - before) * 1024 / held if held else 0.0
    return {'connections': held, 'wanted': count, 'alive': alive, 'trip_s': seconds, 'server_mib': server, 'client_mib': client,
            'server_kib_each': each(server, rest[0]), 'client_kib_each': each(client, rest[1]),
            'both_kib_each': each(server + client, sum(rest)),
            'server_heap_mib': running.server.heap_mib(), 'client_heap_mib': sum(one.heap_mib() for one in running.clients)}


def last_word(process):
    """What a JVM without memory says, or else the last line of the output."""
    lines = process.output().strip().splitlines() or ['']
    return next((line for line in lines if 'OutOfMemoryError' in line), lines[-1])


def measure(counts, heap_mib, plain):
    echo, crowds, rest, rows = Echo(), [], None, []
    try:
        with bench.Scratch() as scratch:
            most = counts[-1]
            running = bench.Tunnel(scratch, plain, f'-Xmx{heap_mib}m', ports=10, server_options=[
                '--max-visitors', max(most, 20_000), '--max-visitors-per-tunnel', max(most, 20_000)])
            for number in range(max(1, math.ceil(most / A_CLIENT))):
                crowds.append(Crowd(running.tcp(echo.port)[0], number))
            failure = ''
            for count in counts:
                bench.say(f'{count} connections')
                try:
                    row = step_row(count, running, crowds, rest)
                except (OSError, TypeError, ValueError):  # nothing is known of a process that is no more
                    row = None
                ended = next((one for one in running.processes() if one.popen.poll() is not None), None)
                if ended or row is None or row['alive'] < count:
                    bench.say('\n'.join(one.output()[-1000:] for one in running.processes()))
                    failure = f'{count:,} were not held: ' + (
                        f'{ended.name} ended, "{last_word(ended)}".' if ended else f'{row["alive"] if row else 0:,} carried bytes.')
                    break
                rows.append(row)
                rest = rest or (row['server_mib'], row['client_mib'])
        return rows, failure
    finally:
        for crowd in crowds:
            crowd.stop()
        echo.stop()


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--most', type=int, default=STEPS[-1], metavar='N', help='the last step; default: %(default)s')
    parser.add_argument('--heap', type=int, default=384, metavar='MIB', help='-Xmx of each program; default: %(default)s')
    parser.add_argument('--plain', action='store_true', help='without TLS')
    options = parser.parse_args()
    bench.ends_by_signal()
    limit = bench.raise_file_limit(65_536)
    bench.build()
    most = 2_500 if options.quick else options.most
    counts = steps(most, limit)
    heap, note = options.heap, f'Each program had a heap of {options.heap} MiB (`-Xmx`).'
    if counts[-1] < most:
        heap = math.ceil(options.heap * counts[-1] / most)
        note = (f'This machine lets a process have {limit:,} files open, which is enough for {counts[-1]:,} visitors; {most:,} need '
                f'{2 * most + 1_000:,}. So each program had a heap of {heap} MiB (`-Xmx`), the same for each connection as '
                f'{options.heap} MiB for {most:,}.')
    rows, failure = measure(counts, heap, options.plain)
    bench.report(options.out, 'idle-plain' if options.plain else 'idle', rows, {
        'connections': 'idle connections', 'alive': 'that carry bytes', 'server_mib': 'server: RSS, MiB', 'server_heap_mib': 'heap, MiB',
        'client_mib': 'client: RSS, MiB', 'client_heap_mib': 'heap, MiB', 'server_kib_each': 'KiB a connection: server',
        'client_kib_each': 'client', 'both_kib_each': 'both'}, f'{note} {failure}'.strip())


if __name__ == '__main__':
    main()
