#!/usr/bin/env python3
"""Builds the JMH benchmarks (docs/performance/jmh) and runs them: time and allocated bytes of a frame, a head, and a MiB or a round
trip through the relay.

What is behind -- goes to JMH itself:  jmh.py -- RelayBenchmark -f 3 -i 10
"""
import json, os, re, subprocess
import bench

BRIEF = ['-f', '1', '-wi', '2', '-w', '1', '-i', '3', '-r', '1']
QUICK = ['-f', '1', '-wi', '1', '-w', '200ms', '-i', '1', '-r', '200ms']


def java25():
    """A JDK 25, as bin/.launch looks for one."""
    candidates = [os.environ.get(name, '') for name in ('JAVA_HOME', 'JAVA25_HOME')]
    for folder in ('/usr/lib/jvm', os.path.expanduser('~/.sdkman/candidates/java'), os.path.expanduser('~/.jdks')):
        candidates += [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []
    for home in filter(None, candidates):
        release = os.path.join(home, 'release')
        if os.path.exists(release):
            with open(release) as file:
                if re.search('^JAVA_VERSION="25', file.read(), re.M):
                    return os.path.join(home, 'bin', 'java')
    raise SystemExit('no JDK 25 was found. Set JAVA25_HOME to its folder.')


def row(result):
    metric = result['primaryMetric']
    unit = metric['scoreUnit'].split('/')[0]
    nanos = metric['score'] * {'ns': 1, 'us': 1_000}[unit]
    name = '.'.join(result['benchmark'].split('.')[-2:])
    return {'benchmark': ' '.join([name, *result.get('params', {}).values()]), 'nanos': nanos,
            'spread': max(metric['rawData'][0]) / min(metric['rawData'][0]),
            'bytes': round(result['secondaryMetrics']['gc.alloc.rate.norm']['score'])}


def main():
    parser = bench.options(__doc__)
    parser.add_argument('more', nargs='*', help='for JMH')
    options = parser.parse_args()
    bench.ends_by_signal()
    subprocess.run(['mvn', '-B', '-q', '-Pjmh', '-pl', 'docs/performance/jmh', '-am', '-Dmaven.test.skip=true', 'package'],
                   cwd=bench.HOME, check=True)
    with bench.Scratch() as scratch:
        results = scratch.path('jmh.json')
        jmh = scratch.start(java25(), '-jar', f'{bench.HERE}/jmh/target/runnable/tunnel-benchmarks.jar',
                            *(options.more or (QUICK if options.quick else BRIEF)), '-prof', 'gc', '-foe', 'true',
                            '-jvmArgsAppend', '-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx256m', '-rf', 'json', '-rff', results)
        if jmh.popen.wait(1_800) != 0:
            raise SystemExit(f'JMH failed:\n{jmh.output()[-3000:]}')
        with open(results) as file:
            rows = [row(result) for result in json.load(file)]
    bench.report(options.out, 'jmh', rows, {'benchmark': '', 'nanos': 'ns', 'spread': 'longest iteration / shortest', 'bytes': 'bytes allocated'})


if __name__ == '__main__':
    main()
