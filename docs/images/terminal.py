#!/usr/bin/env python3
"""Makes terminal.svg beside this file: the screen of tunnel-client, of a tunnel that runs and is visited while the picture is taken.

Needs tmux and what the programs need; all of it is on loopback and ends with the script. The picture is text, so it is sharp at any
size, and has the colours of a light and of a dark page.
"""
import html, http.server, os, pathlib, re, shutil, socket, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS, ROWS = 96, 27
CELL, LINE, PAD = 8.4, 19, 16  # pixels, of a font of 14
VISITS = [('GET', '/', 200), ('GET', '/style.css', 200), ('GET', '/app.js', 200), ('GET', '/favicon.ico', 404), ('POST', '/api/login', 302),
          ('GET', '/api/items?page=1', 200), ('GET', '/api/items?page=2', 200), ('PUT', '/api/items/17', 200),
          ('GET', '/api/items/4711', 404), ('POST', '/webhooks/payment', 500), ('POST', '/webhooks/payment', 200),
          ('DELETE', '/api/items/17', 204), ('GET', '/api/items?page=1', 304)]
STYLE = '''
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #1f2328 }
.window { fill: #fff; stroke: #d1d9e0 } .b { font-weight: 600 } .f { fill: #59636e }
.c31 { fill: #c11b26 } .c32 { fill: #137333 } .c33 { fill: #8a5700 } .c36 { fill: #0a5e8c }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .window { fill: #0d1117; stroke: #3d444d } .f { fill: #9198a1 }
  .c31 { fill: #ff7b72 } .c32 { fill: #4cc25e } .c33 { fill: #d9a62e } .c36 { fill: #58b6e8 }
}'''


class App(http.server.BaseHTTPRequestHandler):
    """The web app: it answers as the list says, each request a little later than the last."""
    protocol_version = 'HTTP/1.1'

    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        body = b'' if status(self) in (204, 304) else b'x' * (200 + 977 * len(self.path))
        time.sleep(len(self.path) % 7 / 200)
        self.send_response(status(self))
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


def status(request):
    return int(request.headers.get('X-Status', 200))


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def until(what, look, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f'terminal.py: {what} did not come within {seconds} s')


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def visit(edge, method, path, answer):
    request = urllib.request.Request(f'http://127.0.0.1:{edge}{path}', method=method, data=b'{}' if method in ('POST', 'PUT') else None)
    request.add_header('Host', 'blue-otter.tunnel.example.com')
    request.add_header('X-Status', str(answer))
    try:
        urllib.request.build_opener(NoRedirects).open(request, timeout=10).read()
    except urllib.error.HTTPError as e:
        e.read()


def runs(line, look):
    """The pieces of a captured line: classes and text. The look at its end, a weight and a colour, is that of the next line."""
    weight, colour = look
    for codes, text in re.findall(r'(?:\x1b\[([0-9;]*)m)?([^\x1b]*)', line.replace('\x0e', '').replace('\x0f', '')):
        for code in (codes or '').split(';') if codes else []:
            if code in ('0', ''):
                weight, colour = '', ''
            elif code in ('1', '2'):
                weight = {'1': 'b', '2': 'f'}[code]
            elif code in ('39', '31', '32', '33', '36'):
                colour = '' if code == '39' else 'c' + code
        if text:
            yield ' '.join(filter(None, (weight, colour))), text
    look[:] = weight, colour


def svg(captured):
    lines = captured.rstrip('\n').split('\n')
    width, height = COLUMNS * CELL + 2 * PAD, ROWS * LINE + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img">',
           '<title>The screen of tunnel-client</title>', f'<style>{STYLE}</style>',
           f'<rect class="window" x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="8"/>']
    look = ['', '']
    for row, line in enumerate(lines[:ROWS]):
        column = 0
        for classes, text in runs(line, look):
            if text.strip():
                start = column + len(text) - len(text.lstrip())
                shown = text.strip()
                # the length makes it fit whatever font there is
                out.append(f'<text class="{classes}" x="{PAD + start * CELL:g}" y="{PAD + row * LINE + 14:g}"'
                           f' textLength="{len(shown) * CELL:g}" lengthAdjust="spacingAndGlyphs">{html.escape(shown)}</text>')
            column += len(text)
    return '\n'.join(out + ['</svg>', ''])


def main():
    if not shutil.which('tmux'):
        sys.exit('terminal.py: tmux is missing. Install it (apt install tmux)')
    home = pathlib.Path(tempfile.mkdtemp(prefix='tunnel-picture'))
    environment = {'PATH': os.environ['PATH'], 'HOME': str(home), 'XDG_STATE_HOME': str(home / 'state'), 'XDG_CONFIG_HOME': str(home / 'config'),
                   'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color', 'TZ': 'UTC'}
    environment |= {name: os.environ[name] for name in ('JAVA_HOME', 'JAVA25_HOME', 'TUNNEL_BUILD', 'TUNNEL_JAVA_OPTS') if name in os.environ}
    app = http.server.ThreadingHTTPServer(('127.0.0.1', 0), App)
    app.handle_error = lambda *_: None  # connections that are cut at the end
    threading.Thread(target=app.serve_forever, daemon=True).start()
    control, edge = free_port(), free_port()
    tmux = ['tmux', '-u', '-S', str(home / 'tmux'), '-f', '/dev/null']
    with open(home / 'server.log', 'w') as log:
        server = subprocess.Popen(
            [ROOT / 'bin/tunnel-server', '--domain', 'tunnel.example.com', '--bind', '127.0.0.1', '--control-port', str(control),
             '--http-port', str(edge), '--public-url', 'http://*.tunnel.example.com', '--ports', '20000-20099'],
            env=environment, stdout=log, stderr=log)
    try:
        until('the server', lambda: 'HTTP edge' in (home / 'server.log').read_text(), 300)  # it may have to be built
        client = f'{ROOT}/bin/tunnel-client --local {app.server_port} --name blue-otter --server 127.0.0.1:{control}'
        subprocess.run([*tmux, 'new-session', '-d', '-x', str(COLUMNS), '-y', str(ROWS), client], env=environment, check=True)

        def picture(*how):
            return subprocess.run([*tmux, 'capture-pane', '-p', *how], capture_output=True, text=True, env=environment).stdout
        until('the screen', lambda: 'blue-otter.tunnel.example.com' in picture())
        for one in VISITS:
            visit(edge, *one)
        until('the last request', lambda: re.search(rf'{len(VISITS)} in all, 0 open', picture()))
        (HERE / 'terminal.svg').write_text(svg(picture('-e')))
    finally:
        subprocess.run([*tmux, 'kill-server'], env=environment, stderr=subprocess.DEVNULL)
        server.terminate()
        server.wait()
        app.shutdown()
        shutil.rmtree(home)


if __name__ == '__main__':
    main()
