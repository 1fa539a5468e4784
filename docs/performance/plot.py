#!/usr/bin/env python3
"""Growth curves as SVG, from the CSV files of the other scripts: memory over idle connections, processor time a request over tunnels
and over idle connections, throughput over streams. What was not measured is left out.

The files need nothing but a viewer, and follow its light or dark scheme.
"""
import csv, html, math, os
import bench

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 36, 56, 48
STYLE = '''
text { font: 12px system-ui, sans-serif; fill: #59636e } .title { font-size: 15px; fill: #1f2328 }
.grid { stroke: #d1d9e0 } .axis { stroke: #59636e } path { fill: none; stroke-width: 2 }
.s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #1a7f37 } .d0 { fill: #0969da } .d1 { fill: #bc4c00 } .d2 { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .title { fill: #e6edf3 } .grid { stroke: #3d444d } .axis { stroke: #9198a1 }
  .s0 { stroke: #4493f8 } .s1 { stroke: #f0883e } .s2 { stroke: #3fb950 } .d0 { fill: #4493f8 } .d1 { fill: #f0883e } .d2 { fill: #3fb950 }
}'''
# file, CSV, title, column and name of x, whether each step of x is as wide as the next, name of y, {column: name}
PLOTS = [
    ('memory', 'idle', 'Memory over idle connections (TLS)', 'connections', 'idle connections', False, 'MiB',
     {'server_mib': 'server, resident', 'client_mib': 'client, resident', 'server_heap_mib': 'server, heap in use'}),
    ('tunnels', 'flat-tunnels', 'Processor time a request over tunnels (TLS, HTTP edge)', 'tunnels', 'tunnels', True, 'µs',
     {'cpu_us': 'in all', 'cpu_net_us': 'less what they cost at rest'}),
    ('idle-cost', 'flat-idle', 'Processor time a request beside idle connections (TLS, HTTP edge)', 'idle', 'idle connections', False, 'µs',
     {'cpu_us': 'in all', 'cpu_net_us': 'less what they cost at rest'}),
    ('streams', 'streams', 'Throughput over parallel streams', 'streams', 'streams', True, 'MB/s',
     {'tls_mb_s': 'TLS', 'plain_mb_s': 'plain'}),
]


def ticks(most):
    """Round numbers from 0 to what holds the largest value, four to six of them."""
    rough = most / 4
    unit = 10 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= rough)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def svg(title, xs, x_name, even, y_name, series):
    y_ticks = ticks(max(max(values) for values in series.values()) or 1)
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    place = {x: LEFT + across * (number / max(len(xs) - 1, 1) if even else x / max(xs)) for number, x in enumerate(xs)}
    height = lambda y: HEIGHT - BOTTOM - up * y / y_ticks[-1]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
           f'<style>{STYLE}</style><text class="title" x="{LEFT}" y="20">{html.escape(title)}</text>']
    for tick in y_ticks:
        y = height(tick)
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:,g}</text>')
    taken = -math.inf
    for x in xs:
        if place[x] - taken > 38:  # where names would overlap the later one is left out
            out.append(f'<text x="{place[x]:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
            taken = place[x]
    out.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height(0)}" y2="{height(0)}"/>'
               f'<text x="{LEFT + across / 2}" y="{HEIGHT - 10}" text-anchor="middle">{x_name}</text>'
               f'<text x="{LEFT - 8}" y="{TOP - 12}" text-anchor="end">{y_name}</text>')
    for number, (name, values) in enumerate(series.items()):
        points = [(place[x], height(y)) for x, y in zip(xs, values)]
        out.append(f'<path class="s{number}" d="M' + ' L'.join(f'{x:.1f},{y:.1f}' for x, y in points) + '"/>')
        out += [f'<circle class="d{number}" cx="{px:.1f}" cy="{py:.1f}" r="3.5"><title>{name}, {x:,}: {bench.figure(y)} {y_name}</title></circle>'
                for (px, py), x, y in zip(points, xs, values)]
        at = LEFT + 170 * number
        out.append(f'<circle class="d{number}" cx="{at + 5}" cy="{TOP - 20}" r="3.5"/><text x="{at + 14}" y="{TOP - 16}">{name}</text>')
    return '\n'.join(out) + '\n</svg>\n'


def main():
    options = bench.options(__doc__).parse_args()
    for name, source, title, x, x_name, even, y_name, columns in PLOTS:
        path = os.path.join(options.out, f'{source}.csv')
        if not os.path.exists(path):
            bench.say(f'{path} is not there: no plot of it')
            continue
        with open(path) as file:
            rows = [row for row in csv.DictReader(file) if float(row.get('alive') or 1) or row[x] == '0']
        series = {title: [float(row[column]) for row in rows] for column, title in columns.items() if column in rows[0]}
        with open(os.path.join(options.out, f'{name}.svg'), 'w') as file:
            file.write(svg(title, [int(row[x]) for row in rows], x_name, even, y_name, series))
        print(os.path.join(options.out, f'{name}.svg'))


if __name__ == '__main__':
    main()
