#!/usr/bin/env python3
"""The tunnel beside rathole: the same work for each in turn, in several rounds, and the medians.

works:
  requests  wrk to nginx: small keep-alive requests on 50 connections and on 1, then each on a new connection
  bulk      iperf3: 1 stream, 8 streams, and 1 the other way
  idle      2,000 open connections: what each takes in memory, both programs together

subjects: tunnel (TLS, the default), tunnel-plain, tunnel-http (TLS, by the HTTP edge), rathole (no encryption), rathole-noise.
Those of rathole are left out where it is not installed (cargo install rathole), tunnel-http in bulk and idle. frp-http, the HTTP
edge of frp, takes part in requests where --subjects names it.

Processor time is that of the subject's two programs alone. Rounds alternate, so that what else the machine does meets all; the
ratios within one run say more than figures of different ones.
"""
import time
import bench
from crowd import Crowd, Echo

SUBJECTS = ['tunnel', 'tunnel-plain', 'tunnel-http', 'rathole', 'rathole-noise']
ON_DEMAND = ['frp-http']
IDLE = 2_000
SETTLE = 3  # seconds until what the opening had to do is done
REST = 8  # until what the start has used is given back


def start(subject, scratch, local, seen_at=None):
    """The subject's programs, with the port and Host that visitors use. `seen_at` is as for `bench.Tunnel`."""
    if subject.startswith('rathole'):
        running = bench.Rathole(scratch, local, subject == 'rathole-noise', seen_at)
        return running, running.port, running.host
    if subject == 'frp-http':
        running = bench.Frp(scratch, local)
        return running, running.port, running.host
    running = bench.Tunnel(scratch, subject == 'tunnel-plain', server_options=['--max-visitors-per-tunnel', 20_000],
                           seen_at=seen_at)
    return running, *(running.http(local) if subject == 'tunnel-http' else running.tcp(local))


def requests(subject, seconds):
    with bench.Scratch() as scratch:
        running, port, host = start(subject, scratch, bench.nginx(scratch))
        load = lambda connections, time, **more: bench.wrk(port, host, running.processes(), connections, time, **more)
        bench.warm(lambda: load(50, seconds + 1), running.processes())
        many = load(50, seconds)
        one = load(1, seconds)
        bench.warm(lambda: load(50, seconds + 1, fresh=True), running.processes())
        fresh = load(50, seconds, fresh=True)
        return {'small_cpu_us': many['cpu_us'], 'small_kernel_us': many['kernel_us'], 'small_s': many['requests_s'], 'small_p99_ms': many['p99_ms'], 'one_p50_ms': one['p50_ms'],
                'one_p99_ms': one['p99_ms'], 'short_cpu_us': fresh['cpu_us'], 'short_kernel_us': fresh['kernel_us'], 'short_s': fresh['requests_s'],
                'short_p99_ms': fresh['p99_ms'], 'errors': many['errors'] or one['errors'] or fresh['errors']}


def bulk(subject, seconds):
    with bench.Scratch() as scratch:
        running, port, _ = start(subject, scratch, bench.iperf_server(scratch))
        load = lambda *how: bench.iperf(port, running.processes(), *how)
        bench.warm(lambda: (load(1, seconds), load(1, seconds, True)), running.processes())
        one, eight, back = load(1, seconds), load(8, seconds), load(1, seconds, True)
        return {f'{name}_{what}': row[what] for name, row in (('one', one), ('eight', eight), ('back', back))
                for what in ('mb_s', 'cpu_s_gb', 'kernel_s_gb')}


def idle(subject, seconds):
    echo = Echo()
    try:
        with bench.Scratch() as scratch:
            running, port, _ = start(subject, scratch, echo.port)
            rss = lambda: sum(process.rss_mib() for process in running.processes())
            time.sleep(REST)
            rest, crowd = rss(), Crowd(port)
            held = crowd.grow_to(IDLE)
            time.sleep(SETTLE)
            full = rss()
            before = bench.cpu(running.processes())
            time.sleep(seconds)
            used = bench.cpu(running.processes()) - before
            alive, _ = crowd.trip()
            crowd.stop()
            return {'rest_mib': rest, 'kib_each': (full - rest) * 1024 / max(held, 1), 'cpu_ms_s': used / seconds * 1000, 'alive': alive}
    finally:
        echo.stop()


WORKS = {
    'requests': (requests, {'subject': '', 'small_cpu_us': '50 connections: CPU µs a request',
                            'small_kernel_us': 'in the kernel', 'small_s': 'requests/s',
                            'one_p50_ms': '1 connection: p50 ms', 'one_p99_ms': 'p99 ms',
                            'short_cpu_us': 'new connections: CPU µs a request', 'short_kernel_us': 'in the kernel', 'short_s': 'requests/s'}),
    'bulk': (bulk, {'subject': '', 'one_cpu_s_gb': '1 stream: CPU s a GB', 'one_kernel_s_gb': 'in the kernel', 'one_mb_s': 'MB/s',
                    'eight_cpu_s_gb': '8 streams: CPU s a GB', 'eight_kernel_s_gb': 'in the kernel', 'eight_mb_s': 'MB/s',
                    'back_cpu_s_gb': '1 stream back: CPU s a GB', 'back_kernel_s_gb': 'in the kernel', 'back_mb_s': 'MB/s'}),
    'idle': (idle, {'subject': '', 'rest_mib': 'at rest, MiB', 'kib_each': 'KiB a connection', 'cpu_ms_s': 'CPU ms a second while idle',
                    'alive': f'of {IDLE:,} that carry bytes'}),
}


def compare(work, subjects, rounds, seconds, out):
    measure, headings = WORKS[work]
    if work != 'requests':
        subjects = [subject for subject in subjects if not subject.endswith('-http')]
    results = {subject: [] for subject in subjects}
    for number in range(rounds):
        for subject in subjects:
            bench.say(f'{work}, round {number + 1} of {rounds}: {subject}')
            results[subject].append(measure(subject, seconds))
    rows = [{'subject': subject, **bench.median(several)} for subject, several in results.items()]
    bench.report(out, f'compare-{work}', rows, headings)


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--seconds', type=int, default=3, help='for each load')
    parser.add_argument('--subjects', nargs='+', choices=SUBJECTS + ON_DEMAND, default=SUBJECTS, metavar='SUBJECT')
    parser.add_argument('works', nargs='*', default=list(WORKS), metavar='WORK', help=f'default: {" ".join(WORKS)}')
    options = parser.parse_args()
    if unknown := set(options.works) - set(WORKS):
        parser.error(f'{unknown.pop()} is not a work: write {", ".join(WORKS)}')
    subjects = [subject for subject in options.subjects if not subject.startswith('rathole') or bench.find('rathole')]
    if subjects != options.subjects:
        bench.say('rathole is not installed and left out (cargo install rathole)')
    bench.ends_by_signal()
    bench.most_warming = 1 if options.quick else bench.most_warming
    bench.raise_file_limit(4 * IDLE)
    bench.build()
    for work in options.works:
        compare(work, subjects, 1 if options.quick else options.rounds, 1 if options.quick else options.seconds, options.out)


if __name__ == '__main__':
    main()
