#!/usr/bin/env python3
"""Throughput through one TCP tunnel by iperf3: of programs that have just been started, in each half second, and then with 1 to 32
streams at once: MB/s, those of the slowest half second, and the processor time that a GB costs."""
import bench

STREAMS = [1, 2, 4, 8, 16, 32]
COLD = 4  # seconds of 2 streams, in which a JVM compiles what is hot


def measure(plain, seconds):
    with bench.Scratch() as scratch:
        running = bench.Tunnel(scratch, plain)
        port, _ = running.tcp(bench.iperf_server(scratch))
        cold = bench.iperf(port, running.processes(), 2, COLD)['halves']
        warm = {}
        for streams in STREAMS:
            bench.say(f'{streams} streams, {"plain" if plain else "TLS"}')
            warm[streams] = bench.iperf(port, running.processes(), streams, seconds)
        return cold, warm


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--seconds', type=int, default=3, help='for each number of streams')
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    seconds = 1 if options.quick else options.seconds
    (cold_tls, tls), (cold_plain, plain) = measure(False, seconds), measure(True, seconds)
    halves = [{'until_s': (number + 1) / 2, 'tls_mb_s': first, 'plain_mb_s': second}
              for number, (first, second) in enumerate(zip(cold_tls, cold_plain))]
    bench.report(options.out, 'streams-cold', halves, {'until_s': 'until, s', 'tls_mb_s': 'TLS: MB/s', 'plain_mb_s': 'plain: MB/s'})
    rows = [{'streams': streams, 'tls_mb_s': tls[streams]['mb_s'], 'tls_slowest_mb_s': min(tls[streams]['halves']),
             'tls_cpu_s_gb': tls[streams]['cpu_s_gb'], 'plain_mb_s': plain[streams]['mb_s'],
             'plain_slowest_mb_s': min(plain[streams]['halves']), 'plain_cpu_s_gb': plain[streams]['cpu_s_gb']} for streams in STREAMS]
    slowest = 'slowest half second'
    bench.report(options.out, 'streams', rows, {
        'streams': 'streams', 'tls_mb_s': 'TLS: MB/s', 'tls_slowest_mb_s': slowest, 'tls_cpu_s_gb': 'CPU s a GB',
        'plain_mb_s': 'plain: MB/s', 'plain_slowest_mb_s': slowest, 'plain_cpu_s_gb': 'CPU s a GB'})


if __name__ == '__main__':
    main()
