"""What the measurements here share: programs that are started and ended, load, processor time, memory, tables.

Everything listens on loopback, on free ports, and with its state in a temporary folder. A program ends with the `Scratch` it was
started in, by its process id; nothing else is touched. Linux only: processor time and memory come from /proc.
"""
import argparse, atexit, contextlib, csv, glob, json, os, random, re, resource, shutil, signal, socket, statistics, subprocess, sys
import tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
TICKS = os.sysconf('SC_CLK_TCK')
most_warming = 12  # repetitions


def options(text):
    """The command line that all scripts have in common; add to it before `parse_args`."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', default=os.path.join(HERE, 'results'), metavar='DIR', help='folder for CSV and Markdown')
    parser.add_argument('--quick', action='store_true', help='shorter and fewer runs: to see that it works, not for figures')
    return parser


def tool(name, package):
    """The path of a program that has to be there."""
    return find(name) or sys.exit(f'{name} is missing. Install it ({package}).')


def find(name):
    return shutil.which(name) or next((path for path in (os.path.expanduser(f'~/.cargo/bin/{name}'), f'/usr/sbin/{name}')
                                       if os.path.exists(path)), None)


def raise_file_limit(wanted):
    """Lets this process and those it starts have so many files open, or as many as the machine allows; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, hard), max(wanted, hard)))  # root may, unless it is confined
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f'{what} took more than {seconds} s')
        time.sleep(0.02)


given = set()


def free_port():
    """A port that nobody has and nobody gets by chance: below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as one:
            try:
                one.bind(('', port))
            except OSError:
                continue
        if port not in given:
            given.add(port)
            return port


class Process:
    """A program with its output in a file. Whoever starts it stops it; what was forgotten ends with the script."""

    def __init__(self, command, log, environment=None):
        self.log = log
        self.name = os.path.basename(command[0])
        with open(log, 'w') as file:
            self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                          env={**os.environ, **(environment or {})}, start_new_session=True)
        self.pid = self.popen.pid
        atexit.register(self.stop)

    def output(self):
        with open(self.log, errors='replace') as file:
            return file.read()

    def says(self, pattern):
        """What matches in its output so far, or None; fails where it has ended."""
        found = re.findall(pattern, self.output(), re.M)
        if not found and self.popen.poll() is not None:
            raise RuntimeError(f'{self.name} ended too early:\n{self.output()[-2000:]}')
        return found

    def cpu(self):
        """Seconds of processor time so far, of all its threads, user and system."""
        return sum(self.times())

    def times(self):
        """The same in two: in the program, and in the kernel for it."""
        with open(f'/proc/{self.pid}/stat') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

    def rss_mib(self):
        with open(f'/proc/{self.pid}/status') as file:
            return int(re.search(r'VmRSS:\s+(\d+)', file.read())[1]) / 1024

    def jcmd(self, *words):
        """What a command to its JVM answers, by the jcmd of the same JDK."""
        jcmd = os.path.join(os.path.dirname(os.readlink(f'/proc/{self.pid}/exe')), 'jcmd')
        return subprocess.run([jcmd, str(self.pid), *words], capture_output=True, text=True, timeout=120).stdout

    def heap_mib(self):
        """What is alive in its heap: used after a full collection."""
        self.jcmd('GC.run')
        used = re.findall(r'^\s*(?:DefNew|Tenured).*?used (\d+)K', self.jcmd('GC.heap_info'), re.M)
        return sum(map(int, used)) / 1024

    def stop(self):
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


class Scratch:
    """A temporary folder and the programs that were started in it."""

    def __enter__(self):
        self.folder, self.processes = tempfile.mkdtemp(prefix='tunnel-bench-'), []
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w') as file:
            file.write(text)
        return self.path(name)

    def start(self, *command, **environment):
        process = Process(list(map(str, command)), self.path(f'{len(self.processes)}.log'), environment)
        self.processes.append(process)
        return process

    def stop(self, *processes):
        for process in processes:
            process.stop()
            self.processes.remove(process)


def build():
    """Has the launchers build what is older than its sources, with caches of just that; what is started from then on is what was
    built."""
    for program in ('tunnel-server', 'tunnel-client'):
        subprocess.run([f'{HOME}/bin/{program}', '--version'], check=True, stdout=subprocess.DEVNULL)
    os.environ['TUNNEL_BUILD'] = 'no'
    subprocess.run([f'{HOME}/bin/prepare'], check=True)


class Tunnel:
    """A tunnel-server and its clients. `processes` of both are what a measurement counts. `seen_at` says at which port clients find
    the control port, given that."""

    def __init__(self, scratch, plain=False, java='', server_options=(), ports=1, seen_at=None):
        self.scratch, self.plain, self.java = scratch, ['--plain'] if plain else [], java
        self.state = scratch.path(f'state-{len(scratch.processes)}')
        first = free_port() if ports == 1 else random.randrange(10_000, 30_000 - ports)  # of many those in use are passed over
        self.server = scratch.start(f'{HOME}/bin/tunnel-server', '--bind', '127.0.0.1', '--control-port', 0, '--http-port', 0,
                                    '--ports', f'{first}-{first + ports - 1}', '--state-dir', self.state, '--access-log', 'off',
                                    *self.plain, *server_options, TUNNEL_JAVA_OPTS=java)
        self.http_port = int(wait_until(lambda: self.server.says(r'HTTP edge (\d+)'), 30, 'the start of the server')[0])
        control = int(self.server.says(r'control port (\d+)')[0])
        self.way = ['--server', f'127.0.0.1:{seen_at(control)}'] if seen_at else []
        self.clients = []

    def http(self, local, name='bench'):
        """A tunnel by name; returns where visitors go and their Host."""
        self.client('--local', local, '--name', name)
        return self.http_port, f'{name}.localhost:{self.http_port}'

    def tcp(self, local):
        """A tunnel by port; returns where visitors go and their Host."""
        client = self.client('--local', local, '--protocol', 'tcp')
        port = int(re.search(r':(\d+) -> ', client.output())[1])
        return port, f'127.0.0.1:{port}'

    def client(self, *arguments):
        client = self.scratch.start(f'{HOME}/bin/tunnel-client', '--join-file', f'{self.state}/join', *self.way, *self.plain, *arguments,
                                    TUNNEL_JAVA_OPTS=self.java)
        self.clients.append(client)
        wait_until(lambda: client.says(' -> '), 30, 'the start of the client')
        return client

    def processes(self):
        return [self.server, *self.clients]

    def stop(self):
        self.scratch.stop(*self.clients, self.server)


class Rathole:
    """The same by rathole, as it is or with its Noise transport."""

    def __init__(self, scratch, local, noise, seen_at=None):
        program, control, self.port = tool('rathole', 'cargo install rathole'), free_port(), free_port()
        server_side = client_side = ''
        if noise:
            private, public = re.findall(r'^(\S{40,})$', subprocess.run([program, '--genkey'], capture_output=True, text=True).stdout, re.M)
            transport = '[{0}.transport]\ntype = "noise"\n[{0}.transport.noise]\n'
            server_side = transport.format('server') + f'local_private_key = "{private}"\n'
            client_side = transport.format('client') + f'remote_public_key = "{public}"\n'
        config = scratch.write(f'rathole-{control}.toml', f'''
[server]
bind_addr = "127.0.0.1:{control}"
default_token = "bench"
{server_side}
[server.services.bench]
bind_addr = "127.0.0.1:{self.port}"
[client]
remote_addr = "127.0.0.1:{seen_at(control) if seen_at else control}"
default_token = "bench"
{client_side}
[client.services.bench]
local_addr = "127.0.0.1:{local}"
''')
        self.scratch, self.host = scratch, f'127.0.0.1:{self.port}'
        server = scratch.start(program, '--server', config)
        wait_until(lambda: accepts(control) or server.says('never'), 10, 'the start of rathole')
        self.both = [server, scratch.start(program, '--client', config)]
        wait_until(lambda: accepts(self.port), 10, 'the service of rathole')

    def processes(self):
        return self.both

    def stop(self):
        self.scratch.stop(*self.both)


class Frp:
    """A tunnel by name through frp's HTTP edge, with everything but addresses as frp has it."""

    def __init__(self, scratch, local):
        control, self.port, self.host = free_port(), free_port(), 'bench.localhost'
        install = 'from the sources of github.com/fatedier/frp: go build ./cmd/frps ./cmd/frpc'
        server = scratch.start(tool('frps', install), '-c', scratch.write('frps.toml', f'''
bindAddr = "127.0.0.1"
bindPort = {control}
vhostHTTPPort = {self.port}
'''))
        wait_until(lambda: accepts(control), 10, 'the start of frps')
        client = scratch.start(tool('frpc', install), '-c', scratch.write('frpc.toml', f'''
serverAddr = "127.0.0.1"
serverPort = {control}
[[proxies]]
name = "bench"
type = "http"
localPort = {local}
customDomains = ["{self.host}"]
'''))
        wait_until(lambda: client.says('start proxy success'), 10, 'the proxy of frp')
        self.both = [server, client]

    def processes(self):
        return self.both


def accepts(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except OSError:
        return False


def nginx(scratch):
    """A local service that answers every request with 15 bytes; returns its port."""
    port = free_port()
    scratch.start(tool('nginx', 'apt install nginx-light'), '-e', scratch.path('nginx.err'), '-c', scratch.write('nginx.conf', f'''
worker_processes 1; daemon off; pid {scratch.path('nginx.pid')}; error_log {scratch.path('nginx.err')};
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200 "hello, visitor\\n"; }} }}
}}
'''))
    wait_until(lambda: accepts(port), 10, 'the start of nginx')
    return port


def cpu(processes):
    return sum(process.cpu() for process in processes)


def kernel(processes):
    """The part of `cpu` that the kernel had."""
    return sum(process.times()[1] for process in processes)


def milliseconds(text):
    value, unit = re.fullmatch(r'([\d.]+)(us|ms|s|m)', text).groups()
    return float(value) * {'us': 0.001, 'ms': 1, 's': 1000, 'm': 60_000}[unit]


def compiling(processes):
    """Processor time so far of a JVM's compilers, seconds by thread: some end when there is nothing to do."""
    seconds = {}
    for process in processes:
        for task in glob.glob(f'/proc/{process.pid}/task/*/stat'):
            with contextlib.suppress(OSError), open(task) as file:
                name, fields = file.read().rsplit(')', 1)
                if 'Compiler' in name:
                    seconds[task] = sum(map(int, fields.split()[11:13])) / TICKS
    return seconds


def warm(load, processes):
    """Repeats a load until the compilers have nothing to do any more: on two busy cores that takes a JVM up to half a minute."""
    for _ in range(most_warming):
        before, begun = compiling(processes), time.monotonic()
        load()
        after = compiling(processes)
        if sum(after[task] - before.get(task, 0) for task in after) < 0.02 * (time.monotonic() - begun):
            return
    say('the compilers have not come to rest')


def wrk(port, host, processes, connections, seconds, fresh=False, script=None):
    """Requests for so long: how many a second, p50, p99, and what they cost `processes`."""
    command = [tool('wrk', 'apt install wrk'), '-t1', f'-c{connections}', f'-d{seconds}s', '--latency', '--timeout', '10s', '-H', f'Host: {host}']
    command += ['-H', 'Connection: close'] if fresh else []
    command += ['-s', script] if script else []
    before, kernel_before = cpu(processes), kernel(processes)
    out = subprocess.run(command + [f'http://127.0.0.1:{port}/'], capture_output=True, text=True, timeout=seconds + 60).stdout
    used, kernel_used = cpu(processes) - before, kernel(processes) - kernel_before
    requests = int(re.search(r'(\d+) requests in', out)[1])
    wrong = re.search(r'(Non-2xx[^\n]*|Socket errors[^\n]*)', out)
    if wrong:
        print(f'  not all went well: {wrong[1]}', file=sys.stderr)
    return {'requests_s': float(re.search(r'Requests/sec:\s+([\d.]+)', out)[1]), 'cpu_us': used / max(requests, 1) * 1e6,
            'kernel_us': kernel_used / max(requests, 1) * 1e6,
            'p50_ms': milliseconds(re.search(r'\n\s+50%\s+(\S+)', out)[1]),
            'p99_ms': milliseconds(re.search(r'\n\s+99%\s+(\S+)', out)[1]), 'errors': wrong[1] if wrong else ''}


def iperf_server(scratch):
    port = free_port()
    server = scratch.start(tool('iperf3', 'apt install iperf3'), '-s', '-p', port, '--forceflush')
    wait_until(lambda: server.says('listening'), 10, 'the start of iperf3')
    return port


def iperf(port, processes, streams, seconds, reverse=False):
    """As many bytes as go: MB/s, what a GB costs `processes`, and MB/s in each half second."""
    command = ['iperf3', '-c', '127.0.0.1', '-p', str(port), '-J', '-t', str(seconds), '-i', '0.5', '-P', str(streams)] + (['-R'] if reverse else [])
    for _ in range(10):
        before, kernel_before = cpu(processes), kernel(processes)
        out = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60).stdout)
        if 'error' not in out:
            break
        # its server takes one test at a time and turns others away, and may not have heard of the end of the last one
        say(f'  once more: {out["error"]}')
        time.sleep(0.5)
    else:
        raise RuntimeError(f'iperf3: {out["error"]}')
    received = out['end']['sum_received']
    gb = received['bytes'] / 1e9
    return {'mb_s': received['bits_per_second'] / 8e6, 'cpu_s_gb': (cpu(processes) - before) / gb,
            'kernel_s_gb': (kernel(processes) - kernel_before) / gb,
            'halves': [part['sum']['bits_per_second'] / 8e6 for part in out['intervals']][:2 * seconds]}


def median(rows):
    """The median of each figure over rows of the same thing; of words the first that says something."""
    return {key: statistics.median(row[key] for row in rows) if isinstance(rows[0][key], (int, float))
            else next((row[key] for row in rows if row[key]), '') for key in rows[0]}


def figure(value):
    """Three digits that mean something."""
    if not isinstance(value, float):
        return f'{value:,}' if isinstance(value, int) else str(value)
    if value == 0:
        return '0'
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.1f}' if abs(value) >= 10 else f'{value:.2f}'


def report(folder, name, rows, headings, note=''):
    """Writes the rows as NAME.csv and, with these headings (of columns that are to be seen), as NAME.md; prints the latter."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f'{name}.csv'), 'w', newline='') as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator='\n')
        writer.writeheader()
        writer.writerows({key: f'{value:.4g}' if isinstance(value, float) else value for key, value in row.items()} for row in rows)
    lines = ['| ' + ' | '.join(headings.values()) + ' |', '|' + ' --- |' * len(headings)]
    lines += ['| ' + ' | '.join(figure(row[key]) for key in headings) + ' |' for row in rows]
    text = '\n'.join(lines) + '\n' + (f'\n{note}\n' if note else '')
    with open(os.path.join(folder, f'{name}.md'), 'w') as file:
        file.write(text)
    print(text, flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def ends_by_signal():
    """SIGTERM ends a script as Ctrl-C does, with all that it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
