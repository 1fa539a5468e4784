"""Many visitors' connections that are open and mostly silent, and the local service that they end at.

Both are processes of their own, so that neither their descriptors nor their processor time are the measuring script's: as many
as it takes with so many files each. A visitor is let in when a hundred bytes of its have come back.
"""
import multiprocessing, os, select, signal, socket, time

SHARE = 10_000  # connections a process
LOST_AFTER = 30  # seconds for bytes to come back
AT_ONCE = 50


def alone(script):
    """Whether the script that started this process is gone; by then nobody would end it."""
    return os.getppid() != script


def echo_forever(port_sender, script):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the script's, which ends this process
    listener = socket.create_server(('127.0.0.1', 0), backlog=4096)
    listener.setblocking(False)
    port_sender.send(listener.getsockname()[1])
    poll, sockets = select.epoll(), {}
    poll.register(listener, select.EPOLLIN)
    while not alone(script):
        for number, _ in poll.poll(5):
            if number == listener.fileno():
                try:
                    one, _ = listener.accept()
                except OSError:
                    continue
                one.setblocking(False)
                sockets[one.fileno()] = one
                poll.register(one, select.EPOLLIN)
                continue
            try:
                data = sockets[number].recv(4096)
                if data:
                    sockets[number].send(data)
                    continue
            except BlockingIOError:
                continue
            except OSError:
                pass
            poll.unregister(number)
            sockets.pop(number).close()


class Echo:
    """A local service that sends back what it gets."""

    def __init__(self):
        receiver, sender = multiprocessing.Pipe(False)
        self.process = multiprocessing.Process(target=echo_forever, args=(sender, os.getpid()), daemon=True)
        self.process.start()
        self.port = receiver.recv()

    def stop(self):
        self.process.kill()
        self.process.join()


def round_trip(sockets, octet):
    """Sends a hundred bytes on each, some at a time, and drops from the list those on which they do not come back."""
    alive, waiting, poll = {}, {}, select.epoll()
    queue = list(sockets)
    end = time.monotonic() + LOST_AFTER
    while (queue or waiting) and time.monotonic() < end:
        while queue and len(waiting) < AT_ONCE:
            one = queue.pop()
            try:
                one.sendall(octet * 100)
            except OSError:
                continue
            waiting[one.fileno()] = [one, 100]
            poll.register(one, select.EPOLLIN)
        for number, _ in poll.poll(0.5):
            one, left = waiting[number]
            try:
                data = one.recv(left)
            except OSError:
                data = b''
            if data and data == octet * len(data):
                end = time.monotonic() + LOST_AFTER
                waiting[number][1] -= len(data)
                if waiting[number][1]:
                    continue
                alive[number] = one
            poll.unregister(number)
            del waiting[number]
    poll.close()
    sockets[:] = alive.values()


def visit(commands, port, address, script):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sockets = []
    while not alone(script):
        if not commands.poll(5):
            continue
        words = commands.recv()
        if words == 'trip':
            round_trip(sockets, b'y')
        else:
            for _ in range(0, words, AT_ONCE):
                fresh = []
                for _ in range(min(AT_ONCE, words)):
                    try:
                        fresh.append(socket.create_connection(('127.0.0.1', port), 10, (address, 0)))
                    except OSError:
                        pass
                words -= AT_ONCE
                opened = len(fresh)
                round_trip(fresh, b'x')
                sockets += fresh
                if len(fresh) * 2 < opened or not opened:
                    break  # no more are let in, and each batch would take its time to find that out
        commands.send(len(sockets))


class Crowd:
    """Visitors of one public port."""

    def __init__(self, port, number=0):
        self.port, self.number, self.parts, self.held = port, number, [], 0

    def grow_to(self, count):
        """Opens more; returns how many there are."""
        while self.held < count:
            room = SHARE - self.held % SHARE
            if room == SHARE:
                self.parts.append(self.begin())
            commands = self.parts[-1][1]
            wanted = min(room, count - self.held)
            before = self.held - (len(self.parts) - 1) * SHARE
            commands.send(wanted)
            got = commands.recv() - before
            self.held += got
            if got < wanted:
                break
        return self.held

    def begin(self):
        mine, its = multiprocessing.Pipe()
        # an address of its own for each part: a port is good for one connection from each to the same place
        address = f'127.0.{self.number + 1}.{len(self.parts) + 1}'
        process = multiprocessing.Process(target=visit, args=(its, self.port, address, os.getpid()), daemon=True)
        process.start()
        return process, mine

    def trip(self):
        """Sends bytes through all; returns on how many they came back, and the seconds that it took."""
        start = time.monotonic()
        for _, commands in self.parts:
            commands.send('trip')
        return sum(commands.recv() for _, commands in self.parts), time.monotonic() - start

    def stop(self):
        for process, _ in self.parts:
            process.kill()
            process.join()
