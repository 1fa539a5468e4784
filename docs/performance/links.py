#!/usr/bin/env python3
"""Over a link with a round trip of 60 ms between client and server: how long a visitor waits for the first byte of an answer.

alone: 20 visitors, one after another, median. 50, then 300: that many at once, the last one's wait, and what all of them cost the
two programs; then 300 again, which find their data channels in place. All of that on programs that have just been started.
warm: 300 at once after the link was lost and came back a dozen times, with 300 visitors each time: the programs have run for
a while, and every data channel is a new one. Then 20 visitors alone once more.

The link is Link.java here, a process of its own, which takes part of the processors as visitors and nginx do.
"""
import select, socket, statistics, time
import bench
from compare import start
from jmh import java25

SUBJECTS = ['tunnel', 'tunnel-plain', 'rathole', 'rathole-noise']
RTT_MS = 60
LOSSES = 12
PATIENCE = 20  # seconds


class Link:
    def __init__(self, scratch):
        self.scratch, self.port = scratch, bench.free_port()

    def to(self, target):
        """Begins there; returns the port of its other end."""
        self.target = target
        self.begin()
        return self.port

    def begin(self):
        self.process = self.scratch.start(java25(), '-XX:+UseSerialGC', f'{bench.HERE}/Link.java', self.port, self.target, RTT_MS)
        bench.wait_until(lambda: bench.accepts(self.port), 20, 'the start of the link')

    def lose(self):
        """All connections over it end; a new one takes its place."""
        self.scratch.stop(self.process)
        self.begin()


def visits(port, host, count):
    """So many visitors at once; how long each waited for its answer, in ms, all of them in order. They stay until all have it."""
    request = f'GET / HTTP/1.1\r\nHost: {host}\r\n\r\n'.encode()
    poll, sockets, waits, begun = select.epoll(), {}, [], time.monotonic()
    for _ in range(count):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(('127.0.0.1', port))
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLOUT)
    waiting = set(sockets)
    while waiting and time.monotonic() - begun < PATIENCE:
        for number, event in poll.poll(0.5):
            try:
                if event & select.EPOLLOUT:
                    sockets[number].send(request)
                    poll.modify(number, select.EPOLLIN)
                    continue
                if sockets[number].recv(100).startswith(b'HTTP/1.1 200'):
                    waits.append((time.monotonic() - begun) * 1000)
            except OSError:
                pass  # it has no answer
            poll.unregister(number)
            waiting.discard(number)
    for one in sockets.values():
        one.close()
    poll.close()
    return waits + [PATIENCE * 1000] * (count - len(waits))


def measure(subject, losses):
    with bench.Scratch() as scratch:
        link = Link(scratch)
        running, port, host = start(subject, scratch, bench.nginx(scratch), link.to)
        answers = lambda: visits(port, host, 1)[0] < PATIENCE * 1000

        def burst(count):
            before = bench.cpu(running.processes())
            waits = visits(port, host, count)
            last = waits[-1]
            if last == PATIENCE * 1000:
                bench.say(f'  not all went well: {waits.count(last)} of {count} had no answer')
            time.sleep(1)
            return last, (bench.cpu(running.processes()) - before) * 1000
        bench.wait_until(answers, 30, 'the first answer')
        time.sleep(1)

        def alone():
            waits = []
            for _ in range(20):
                waits += visits(port, host, 1)
                time.sleep(0.05)
            return statistics.median(waits)
        row = {'alone_ms': alone()}
        for label, count in (('fifty', 50), ('many', 300), ('again', 300)):
            row[f'{label}_ms'], row[f'{label}_cpu_ms'] = burst(count)
        row.update({'warm_ms': '', 'warm_cpu_ms': '', 'warm_alone_ms': ''})
        if not subject.startswith('rathole'):  # which is native, and as fast at once
            for _ in range(losses):
                link.lose()
                bench.wait_until(answers, 30, 'an answer after the loss')
                time.sleep(3)
                row['warm_ms'], row['warm_cpu_ms'] = burst(300)
            row['warm_alone_ms'] = alone()
        return row


def main():
    parser = bench.options(__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    options = parser.parse_args()
    bench.ends_by_signal()
    bench.build()
    subjects = [one for one in SUBJECTS if 'rathole' not in one or bench.find('rathole')]
    rows = {subject: [] for subject in subjects}
    for number in range(1 if options.quick else options.rounds):
        for subject in subjects:
            bench.say(f'round {number + 1}, {subject}')
            rows[subject].append(measure(subject, 1 if options.quick else LOSSES))
    bench.report(options.out, 'links', [{'subject': subject, **bench.median(several)} for subject, several in rows.items()],
                 {'subject': '', 'alone_ms': 'alone: ms', 'fifty_ms': '50 at once: last, ms', 'fifty_cpu_ms': 'CPU ms',
                  'many_ms': '300 at once: last, ms', 'many_cpu_ms': 'CPU ms', 'again_ms': '300 again: last, ms',
                  'again_cpu_ms': 'CPU ms', 'warm_ms': 'warm, 300 at once: last, ms', 'warm_cpu_ms': 'CPU ms',
                  'warm_alone_ms': 'warm, alone: ms'})


if __name__ == '__main__':
    main()
