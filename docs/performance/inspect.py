#!/usr/bin/env python3
"""What the inspector costs: the same load through a client with it and one with --inspect off, in turns, and the medians.

works: small responses on 50 kept connections, responses of 100 KiB, and one download of many MiB after the other. Both clients have
the same server and the same local service. Processor time is that of the server and of the client that is measured.
"""
import os
import statistics
import subprocess
import time
import bench

SUBJECTS = {'off': ['--inspect', 'off'], 'on': []}
LARGE_MIB = 256


def files(scratch):
    """A local service with files; returns its port."""
    port = bench.free_port()
    os.makedirs(scratch.path('files'))
    for name, size in (('middle', 100 << 10), ('large', LARGE_MIB << 20)):
        with open(scratch.path(f'files/{name}'), 'wb') as file:
            file.write(os.urandom(100 << 10) * (size // (100 << 10)))
    scratch.start(bench.tool('nginx', 'apt install nginx-light'), '-e', scratch.path('nginx.err'), '-c', scratch.write('nginx.conf', f'''
user {'root' if os.geteuid() == 0 else 'nobody'}; worker_processes 1; daemon off; pid {scratch.path('nginx.pid')}; error_log {scratch.path('nginx.err')};
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 1000000000; sendfile on;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {scratch.path('files')}; location = / {{ return 200 "hello, visitor\\n"; }} }}
}}
'''))
    bench.wait_until(lambda: bench.accepts(port), 10, 'the start of nginx')
    return port


def downloads(port, host, processes, times):
    """Whole files, one after another."""
    before, begun = bench.cpu(processes), time.monotonic()
    urls = [f'http://127.0.0.1:{port}/large'] * times
    subprocess.run(['curl', '-s', '--noproxy', '*', '-H', f'Host: {host}', *sum([['-o', '/dev/null', url] for url in urls], [])],
                   check=True, timeout=600)
    seconds = time.monotonic() - begun
    mb = times * LARGE_MIB * 1.048576
    return {'mb_s': mb / seconds, 'cpu_s_gb': (bench.cpu(processes) - before) / mb * 1000}


def once(running, client, port, host, local_path, seconds):
    processes = [running.server, client]
    script = None
    if local_path != '/':
        script = running.scratch.write('path.lua', f'wrk.path = "{local_path}"\n')
    return bench.wrk(port, host, processes, 50, seconds, script=script)


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--seconds', type=int, default=4, help='for each load')
    options = parser.parse_args()
    rounds, seconds = (2, 1) if options.quick else (options.rounds, options.seconds)
    bench.ends_by_signal()
    bench.build()
    found = {subject: [] for subject in SUBJECTS}
    with bench.Scratch() as scratch:
        running, local, clients = bench.Tunnel(scratch, ports=len(SUBJECTS)), files(scratch), {}
        for subject, arguments in SUBJECTS.items():
            client = running.client('--local', local, '--name', subject, *arguments)
            clients[subject] = client, running.http_port, f'{subject}.localhost:{running.http_port}'
        for number in range(-1, rounds):  # the first is not counted: a JVM compiles what is hot
            for subject in (list(SUBJECTS) if number % 2 else reversed(SUBJECTS)):
                bench.say(f'round {number + 1} of {rounds}: {subject}')
                client, port, host = clients[subject]
                small = once(running, client, port, host, '/', seconds)
                middle = once(running, client, port, host, '/middle', seconds)
                large = downloads(port, host, [running.server, client], 1 if options.quick else 4)
                if number >= 0:
                    found[subject].append({
                        'small_cpu_us': small['cpu_us'], 'small_s': small['requests_s'], 'small_p99_ms': small['p99_ms'],
                        'middle_cpu_us': middle['cpu_us'], 'middle_s': middle['requests_s'],
                        'large_cpu_s_gb': large['cpu_s_gb'], 'large_mb_s': large['mb_s']})
        memory = {subject: clients[subject][0].rss_mib() for subject in SUBJECTS}
    rows = [{'inspector': subject, **bench.median(several), 'mib': memory[subject]} for subject, several in found.items()]
    # of each round by itself, since what else the machine does meets both of it
    ratios = {key: statistics.median(on[key] / off[key] for on, off in zip(found['on'], found['off'])) for key in found['on'][0]}
    rows.append({'inspector': 'on / off', **ratios, 'mib': memory['on'] / memory['off']})
    bench.report(options.out, 'inspect', rows, {
        'inspector': '', 'small_cpu_us': 'small: CPU µs a request', 'small_s': 'requests/s', 'small_p99_ms': 'p99 ms',
        'middle_cpu_us': '100 KiB: CPU µs a request', 'middle_s': 'requests/s', 'large_cpu_s_gb': f'{LARGE_MIB} MiB: CPU s a GB',
        'large_mb_s': 'MB/s', 'mib': 'client: RSS, MiB'})


if __name__ == '__main__':
    main()
