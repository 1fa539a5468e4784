#!/usr/bin/env python3
"""A flame graph of one of the programs under load, as SVG: where its processor time goes.

Samples are JFR's jdk.CPUTimeSample of JDK 25 (Linux): one for each so many ms of processor time of a thread, time in native code and
the kernel included, unlike jdk.ExecutionSample, which sees running Java code alone. Of threads without Java code (compiler,
collector) there are none. The width of a frame is its share of the samples; the height says nothing but who called.

loads: small (wrk, 50 connections), short (wrk, a new connection for each request), http (small by the HTTP edge), bulk (iperf3,
1 stream).
"""
import html, os, subprocess, threading, time
import bench

WIDTH, ROW, SMALLEST = 1200, 17, 0.001
EVENT = 'jdk.CPUTimeSample'
# what a frame's class begins with, and the name of the colour
KINDS = [('tunnel', 'tunnel.'), ('TLS', 'sun.security javax.net.ssl com.sun.crypto javax.crypto java.security tlschannel'),
         ('sockets', 'sun.nio.ch java.net sun.net java.nio.channels'),
         ('threads', 'java.util.concurrent java.lang.VirtualThread java.lang.Thread jdk.internal.vm java.lang.System jdk.internal.misc')]
STYLE = '''
text { font: 12px system-ui, sans-serif; fill: #1f2328 } .note { fill: #59636e } rect { stroke: #fff; stroke-width: .5 }
.tunnel { fill: #f4a259 } .TLS { fill: #7fc8a9 } .sockets { fill: #8ab6f9 } .threads { fill: #c9a7eb } .other { fill: #d0d7de }
g:hover > rect { stroke: #1f2328; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note { fill: #9198a1 } rect { stroke: #0d1117 }
  .tunnel { fill: #a65a10 } .TLS { fill: #1f7a54 } .sockets { fill: #2b62b8 } .threads { fill: #7446a8 } .other { fill: #4a535e }
  g:hover > rect { stroke: #e6edf3 }
}'''


class Frame:
    def __init__(self):
        self.count, self.below = 0, {}


def tree(folded):
    root = Frame()
    for line in folded.splitlines():
        stack, count = line.rsplit(' ', 1)
        frame = root
        frame.count += int(count)
        for name in stack.split(';'):
            frame = frame.below.setdefault(name, Frame())
            frame.count += int(count)
    return root


def kind(name):
    return next((kind for kind, starts in KINDS if name.startswith(tuple(starts.split()))), 'other')


def boxes(frame, left, depth, root):
    """Name, place and share of each frame that can be seen, callers first."""
    for name, child in sorted(frame.below.items()):
        share = child.count / root.count
        if share >= SMALLEST:
            yield name, left, depth, share
            yield from boxes(child, left, depth + 1, root)
        left += share


def svg(root, title):
    drawn = list(boxes(root, 0.0, 0, root))
    height = (max(depth for _, _, depth, _ in drawn) + 1) * ROW + 50
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
           f'<style>{STYLE}</style><text x="4" y="16">{html.escape(title)}</text>']
    x = 4
    for name in [name for name, _ in KINDS] + ['other']:
        out.append(f'<rect class="{name}" x="{x}" y="24" width="12" height="12"/><text class="note" x="{x + 16}" y="34">{name}</text>')
        x += 85
    for name, left, depth, share in drawn:
        short = '.'.join(name.split('.')[-2:])
        x, y, width = left * WIDTH, height - (depth + 1) * ROW, share * WIDTH
        letters = int((width - 4) / 7)
        text = short if len(short) <= letters else short[:letters - 1] + '…' if letters > 3 else ''
        out.append(f'<g><title>{html.escape(name)}: {share * 100:.1f} %</title><rect class="{kind(name)}" x="{x:.1f}" y="{y}" '
                   f'width="{width:.1f}" height="{ROW}"/>' + (f'<text x="{x + 2:.1f}" y="{y + 12}">{html.escape(text)}</text>' if text else '')
                   + '</g>')
    return '\n'.join(out) + '\n</svg>\n'


def record(process, path, load, seconds):
    """Loads for so long, and records most of that."""
    loading = threading.Thread(target=load, args=(seconds + 2,))
    loading.start()
    time.sleep(1)
    process.jcmd('JFR.start', 'name=flame', 'settings=none', f'+{EVENT}#enabled=true', f'+{EVENT}#throttle=2ms',
                 f'+{EVENT}#stackTrace=true')
    time.sleep(seconds)
    said = process.jcmd('JFR.stop', 'name=flame', f'filename={path}')
    loading.join()
    if not os.path.exists(path):
        raise RuntimeError(f'no recording was made; jcmd says:\n{said}')


def flame(side, work, plain, seconds):
    with bench.Scratch() as scratch:
        running = bench.Tunnel(scratch, plain)
        local = bench.iperf_server(scratch) if work == 'bulk' else bench.nginx(scratch)
        port, host = running.http(local) if work == 'http' else running.tcp(local)

        def load(time):
            if work == 'bulk':
                bench.iperf(port, [], 1, time)
            else:
                bench.wrk(port, host, [], 50, time, fresh=work == 'short')

        load(seconds)  # a JVM compiles what is hot
        process = running.server if side == 'server' else running.clients[0]
        recording = scratch.path('flame.jfr')
        record(process, recording, load, seconds)
        java = os.readlink(f'/proc/{process.pid}/exe')
        return subprocess.run([java, '-Xmx1g', f'{bench.HERE}/Folded.java', recording, EVENT], check=True, capture_output=True,
                              text=True).stdout


def shares(root):
    """The share of each kind of leaf, as it was seen on the processor."""
    counts = {}

    def walk(frame, name):
        own = frame.count - sum(child.count for child in frame.below.values())
        counts[kind(name)] = counts.get(kind(name), 0) + own
        for below, child in frame.below.items():
            walk(child, below)
    walk(root, '')
    return {name: count / root.count for name, count in sorted(counts.items(), key=lambda item: -item[1]) if count}


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--side', choices=['server', 'client'], default='server')
    parser.add_argument('--work', choices=['small', 'short', 'http', 'bulk'], default='small')
    parser.add_argument('--plain', action='store_true', help='without TLS between server and client')
    parser.add_argument('--seconds', type=int, default=8, help='that are recorded, after as many to get warm')
    parser.add_argument('--folded', action='store_true', help='also write the folded stacks, which other tools read')
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    seconds = 3 if options.quick else options.seconds
    folded = flame(options.side, options.work, options.plain, seconds)
    root = tree(folded)
    mode = 'plain' if options.plain else 'TLS'
    path = os.path.join(options.out, f'flame-{options.side}-{options.work}-{mode.lower()}.svg')
    os.makedirs(options.out, exist_ok=True)
    with open(path, 'w') as file:
        file.write(svg(root, f'{options.side} under {options.work}, {mode}: {root.count:,} samples of processor time in {seconds} s'))
    if options.folded:
        with open(path[:-3] + 'folded', 'w') as file:
            file.write(folded)
    print(f'{path}: at the top ' + ', '.join(f'{name} {share * 100:.0f} %' for name, share in shares(root).items()))


if __name__ == '__main__':
    main()
