#!/usr/bin/env python3
"""Puts the latest tables into docs/performance.md: between `<!-- table: NAME -->` and `<!-- end -->` goes what NAME.md has, and what
kind of machine this is where NAME is `machine`. A table that was not measured stays as it is.
"""
import os, platform, re, subprocess, time
import bench

PAGE = os.path.join(os.path.dirname(bench.HERE), 'performance.md')


def line(path, pattern):
    try:
        with open(path) as file:
            found = re.search(pattern, file.read(), re.M)
            return found[1] if found else 'unknown'
    except OSError:
        return 'unknown'


def version(name, *arguments, pattern=r'(\d+(?:\.\d+)+)'):
    program = bench.find(name)
    if not program:
        return ''
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    found = re.search(pattern, done.stdout + done.stderr)
    return f'{name} {found[1]}' if found else name


def machine():
    """Processor, memory, system, and the versions of what took part."""
    from jmh import java25
    memory = int(line('/proc/meminfo', r'MemTotal:\s+(\d+)')) / 1024 / 1024
    virtual = ', virtual' if 'hypervisor' in line('/proc/cpuinfo', r'^flags\s*:(.*)') else ''
    java = subprocess.run([java25(), '-version'], capture_output=True, text=True).stderr.splitlines()[1]
    tools = filter(None, [version('nginx', '-v'), version('wrk', '-v'), version('iperf3', '-v'), version('rathole', '--version', pattern=r'Build Version:\s+v?([\d.]+)')])
    return (f'{line("/proc/cpuinfo", r"^model name.*: (.*)")}, {os.cpu_count()} cores{virtual}, {memory:.0f} GiB; '
            f'{line("/etc/os-release", r"^PRETTY_NAME=.(.*).$")}, Linux {platform.release()}; {java}; {", ".join(tools)}.\n'
            f'Measured on {time.strftime("%Y-%m-%d")}, load at the end {os.getloadavg()[1]:.1f}.\n')


def main():
    options = bench.options(__doc__).parse_args()
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, 'machine.md'), 'w') as file:
        file.write(machine())
    with open(PAGE) as file:
        page = file.read()

    def table(match):
        path = os.path.join(options.out, f'{match[1]}.md')
        if not os.path.exists(path):
            bench.say(f'{path} is not there: that table stays as it is')
            return match[0]
        with open(path) as file:
            return f'<!-- table: {match[1]} -->\n\n{file.read()}\n<!-- end -->'
    with open(PAGE, 'w') as file:
        file.write(re.sub(r'<!-- table: (\S+) -->.*?<!-- end -->', table, page, flags=re.S))
    print(PAGE)


if __name__ == '__main__':
    main()
