#!/usr/bin/env python3
"""Measures what people wait for and what is left when nothing happens: start of server and client, and memory at rest.

    python3 docs/performance/start.py [ROUNDS]

Both are started by their programs in bin/, on loopback, in a folder of its own; rounds of all kinds take turns, so that a busy
machine is busy for all of them. Printed are medians: ms from the command to the line that says it is up, CPU ms (user and
system) until then, RSS and PSS in MiB 10 s later. rathole is measured beside them where it is installed: its lines come with
RUST_LOG=info. Run bin/prepare first; the rows without cache are those without the files that it makes.
"""
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REST = 10  # s
PATIENCE = 60  # s


def ticks(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory(pid, name, file):
    return int(re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text())[1]) / 1024


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Run:
    """A program that has said that it is up."""

    def __init__(self, folder, command, up, environment):
        log = Path(tempfile.mkstemp(dir=folder)[1])
        with log.open("w") as out:
            begin = time.monotonic()
            self.process = subprocess.Popen(
                [str(word) for word in command], stdout=out, stderr=out, env={**os.environ, **environment})
        while not re.search(up, log.read_text(), re.M):
            if self.process.poll() is not None or time.monotonic() - begin > PATIENCE:
                self.end()
                sys.exit(f"{command[0]} did not come up:\n{log.read_text()}")
            time.sleep(0.001)
        self.took = (time.monotonic() - begin) * 1000
        self.cpu = ticks(self.process.pid)

    def figures(self):
        pid = self.process.pid
        return self.took, self.cpu, memory(pid, "VmRSS", "status"), memory(pid, "Pss", "smaps_rollup")

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def pair(server, client):
    """One round: start one after the other, rest, look, end."""
    runs = []
    try:
        runs.append(Run(*server))
        runs.append(Run(*client))
        time.sleep(REST)
        return [run.figures() for run in runs]
    finally:
        for run in reversed(runs):
            run.end()


def tunnel(folder, options):
    environment = {"HOME": folder, "TUNNEL_BUILD": "no", "TUNNEL_JAVA_OPTS": options}
    state = folder + "/state"
    return pair(
        (folder, [ROOT / "bin/tunnel-server", "--state-dir", state, "--control-port", 0, "--http-port", 0,
                  "--ports", "31000-31099"], "control port", environment),
        (folder, [ROOT / "bin/tunnel-client", "--local", 9, "--join-file", state + "/join"], "^http.* -> ", environment))


def rathole(folder, _):
    control, public = free_port(), free_port()
    Path(folder, "server.toml").write_text(
        f'[server]\nbind_addr = "127.0.0.1:{control}"\ndefault_token = "x"\n'
        f'[server.services.app]\nbind_addr = "127.0.0.1:{public}"\n')
    Path(folder, "client.toml").write_text(
        f'[client]\nremote_addr = "127.0.0.1:{control}"\ndefault_token = "x"\n'
        f'[client.services.app]\nlocal_addr = "127.0.0.1:9"\n')
    environment = {"RUST_LOG": "info"}
    return pair(
        (folder, ["rathole", "--server", folder + "/server.toml"], "Listening at", environment),
        (folder, ["rathole", "--client", folder + "/client.toml"], "Control channel established", environment))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    kinds = {"tunnel": (tunnel, ""), "tunnel, no cache": (tunnel, "-Xshare:auto")}
    if shutil.which("rathole"):
        kinds["rathole"] = (rathole, "")
    for program in ("server", "client"):
        if not any((ROOT / at).is_file() for at in (f"{program}/target/tunnel-{program}.aot", f"lib/tunnel-{program}.aot")):
            sys.exit(f"there is no cache for tunnel-{program}. Run bin/prepare")
    found = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        tunnel_first = Run(folder, [ROOT / "bin/tunnel-server", "--state-dir", folder + "/state", "--control-port", 0,
                                    "--http-port", 0], "control port", {"TUNNEL_BUILD": "no"})
        tunnel_first.end()  # the state exists from here on
        for _ in range(rounds):
            for kind, (measure, options) in kinds.items():
                found[kind].append(measure(folder, options))
    print(f"{rounds} rounds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| | up, ms | CPU until then, ms | RSS at rest, MiB | PSS at rest, MiB |\n| --- | --- | --- | --- | --- |")
    for kind, results in found.items():
        for side, name in enumerate(("server", "client")):
            medians = [statistics.median(result[side][i] for result in results) for i in range(4)]
            print(f"| {kind}, {name} | " + " | ".join(f"{median:.0f}" for median in medians) + " |")


if __name__ == "__main__":
    main()
