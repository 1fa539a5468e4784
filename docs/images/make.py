#!/usr/bin/env python3
"""Makes the pictures of the inspector that the README shows, from programs that run: a server, a client, a small shop as the
local service, visitors who ask it for things, and Chromium with its driver on the inspector's page.

    docs/images/make.py

Needs the built programs, chromium and chromium-driver. Everything it starts is on loopback, has a home of its own in a temporary
folder, and is ended by its own process."""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

import png

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT = 1280, 760
PATIENCE = 30  # seconds

# What a browser takes for the system's own type differs from machine to machine; the pictures shall not.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>""" + "".join(f"""
<match target="pattern"><test name="family" compare="eq"><string>{name}</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>"""
    for name in ("sans", "sans-serif", "system-ui", "DejaVu Sans")) + "</fontconfig>"


class Shop(http.server.BaseHTTPRequestHandler):
    """The local service. An order for more than there is breaks it, as it would."""

    protocol_version = "HTTP/1.1"
    ANSWERS = {
        "/": (200, "text/html", "<!doctype html><title>Lamps</title><h1>Lamps</h1>"),
        "/api/products": (200, "application/json", json.dumps({"items": [
            {"sku": "LAMP-1", "name": "Desk lamp", "price": 49.90, "stock": 3},
            {"sku": "LAMP-2", "name": "Floor lamp", "price": 129.00, "stock": 0}], "next": None})),
        "/api/cart/7": (404, "application/json", '{"error":"no such cart"}'),
        "/login": (302, "text/plain", ""),
        "/webhooks/payment": (200, "application/json", '{"received":true}'),
        "/assets/app.css": (200, "text/css", "body { font: 16px/1.5 system-ui }"),
    }
    BROKEN = (500, "application/json", json.dumps({
        "error": "TypeError",
        "message": "Cannot read properties of undefined (reading 'price')",
        "stack": ["total (cart.js:41:23)", "checkout (orders.js:17:9)", "handle (router.js:88:5)"]}))
    SLOW = {"/api/products": 0.031, "/api/orders": 0.118, "/": 0.006}

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        time.sleep(self.SLOW.get(path, 0.002))
        status, kind, text = self.BROKEN if path == "/api/orders" else self.ANSWERS.get(path, self.ANSWERS["/"])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        if status == 302:
            self.send_header("Location", "/")
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # the client has closed its connections at the end


class Program:
    """A process and the lines that it has printed; ends with the `with` block."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines = []
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()

    def says(self, pattern):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            time.sleep(0.05)
        raise SystemExit(f"no '{pattern}' in: {''.join(self.lines)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)


class Chromium:
    """A headless browser, by its driver's own protocol (W3C WebDriver)."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-proxy-server"]}
        answer = self.ask("/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += f"/session/{answer['sessionId']}"
        self.cdp("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)

    def ask(self, path, body=None, method="POST"):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def cdp(self, command, **parameters):
        return self.ask("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def theme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def run(self, script, *arguments):
        return self.ask("/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > end:
                raise SystemExit(f"not in time: {condition}")
            time.sleep(0.05)

    def picture(self, name):
        time.sleep(0.3)  # transitions
        (HERE / name).write_bytes(png.shrink(base64.b64decode(self.ask("/screenshot", method="GET"))))
        print(HERE / name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ask("", method="DELETE")


def visit(site, host):
    """What the visitors of a morning ask for; the order that fails comes near the end."""
    order = json.dumps({"sku": "LAMP-2", "quantity": 1, "address": {"city": "Oslo", "zip": "0150"}}).encode()
    payment = json.dumps({"event": "payment.succeeded", "amount": 4990, "currency": "EUR"}).encode()
    asked = [("GET", "/", None), ("GET", "/assets/app.css?v=3", None), ("GET", "/api/products?page=1", None), ("GET", "/api/cart/7", None),
             ("POST", "/login", b"user=ada&next=%2F"), ("POST", "/webhooks/payment", payment), ("GET", "/api/products?page=2&sort=price", None),
             ("GET", "/", None), ("GET", "/api/products?page=1", None), ("POST", "/webhooks/payment", payment), ("GET", "/", None),
             ("GET", "/assets/app.css?v=3", None), ("POST", "/api/orders", order), ("GET", "/api/products?page=1", None),
             ("POST", "/webhooks/payment", payment), ("GET", "/", None)]
    for method, path, body in asked[:9] + asked:
        headers = {"Host": host, "User-Agent": "Mozilla/5.0", "Authorization": "Bearer 6f2a"}
        if body:
            headers["Content-Type"] = "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded"
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(site + path, body, headers, method=method), timeout=PATIENCE).read()


def main():
    with contextlib.ExitStack() as stack:
        home = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (home / "fonts.conf").write_text(FONTS)
        environment = {**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home),
                       "FONTCONFIG_FILE": str(home / "fonts.conf")}
        shop = Server(("127.0.0.1", 4000), Shop)
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        stack.callback(shop.shutdown)
        server = stack.enter_context(Program([ROOT / "bin/tunnel-server"], environment))
        server.says("HTTP edge")
        client = stack.enter_context(Program([ROOT / "bin/tunnel-client", "--local", "4000", "--name", "lamps"], environment))
        site = client.says(r"(http://localhost:\d+) ->").group(1)
        inspector = client.says(r"inspector at (http://localhost:\d+/\?token=\S+)").group(1)
        driver = stack.enter_context(Program(["chromedriver", "--port=0"], environment))
        browser = stack.enter_context(Chromium(driver.says(r"successfully on port (\d+)").group(1)))
        visit(site, client.says(r"http://(lamps\S+) ->").group(1))
        for theme, name in (("light", "inspector.png"), ("dark", "inspector-dark.png")):
            browser.theme(theme)
            browser.ask("/url", {"url": inspector})
            browser.wait("document.querySelectorAll('.row').length > 10")
            browser.run("document.querySelector('.row.bad').click()")
            browser.wait("document.querySelector('#panel').innerText.includes('stack')")
            browser.picture(name)


if __name__ == "__main__":
    main()
