#!/usr/bin/env python3
"""Throughput through one TCP tunnel with 1 to 32 streams at once, by iperf3: MB/s, and the processor time that a GB costs."""
import bench

STREAMS = [1, 2, 4, 8, 16, 32]


def measure(plain, seconds):
    with bench.Scratch() as scratch:
        running = bench.Tunnel(scratch, plain)
        port, _ = running.tcp(bench.iperf_server(scratch))
        bench.iperf(port, running.processes(), 2, seconds + 1)  # a JVM compiles what is hot
        for streams in STREAMS:
            bench.say(f'{streams} streams, {"plain" if plain else "TLS"}')
            yield streams, bench.iperf(port, running.processes(), streams, seconds)


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--seconds', type=int, default=3, help='for each number of streams')
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    seconds = 1 if options.quick else options.seconds
    tls, plain = dict(measure(False, seconds)), dict(measure(True, seconds))
    rows = [{'streams': streams, 'tls_mb_s': tls[streams]['mb_s'], 'tls_cpu_s_gb': tls[streams]['cpu_s_gb'],
             'plain_mb_s': plain[streams]['mb_s'], 'plain_cpu_s_gb': plain[streams]['cpu_s_gb']} for streams in STREAMS]
    bench.report(options.out, 'streams', rows, {'streams': 'streams', 'tls_mb_s': 'TLS: MB/s', 'tls_cpu_s_gb': 'CPU s a GB',
                                                'plain_mb_s': 'plain: MB/s', 'plain_cpu_s_gb': 'CPU s a GB'})


if __name__ == '__main__':
    main()
