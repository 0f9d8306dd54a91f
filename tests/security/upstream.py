"""Upstream services that behave as badly as the attack list says, for the security tests.

    upstream.py FOLDER

Makes a CA and certificates in FOLDER (ca.pem is the one to trust), listens on every address of its network
namespace, writes one line per accepted connection to FOLDER/accepted ("local-address port"), and prints
"ready". Ends with its standard input.
"""

import base64
import gzip
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ["api.example.com", "api.github.com", "other.example.com", "rebind.example.com", "localhost"]
FOLDER = sys.argv[1]
ACCEPTED = open(os.path.join(FOLDER, "accepted"), "a", buffering=1)


def openssl(*arguments, text=None):
    subprocess.run(["openssl", *arguments], cwd=FOLDER, check=True, input=text, text=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_ca(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", f"/CN=Test {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")


def make_certificate(name, ca, hosts):
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={hosts[0]}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr")
    with open(os.path.join(FOLDER, f"{name}.ext"), "w") as file:
        file.write("subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts))
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial",
            "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body=b"", status=200, fields=(), kind="application/json", length=None):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_chunks(self, chunk, count, fields=()):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        for _ in range(count):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")

    def serve(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        action = getattr(self, "do" + url.path.replace("/", "_").replace("-", "_"), None)
        try:
            action(query, body) if action else self.do_echo(query, body)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve

    def do_echo(self, query, body):
        seen = {"method": self.command, "target": self.path, "headers": [list(item) for item in self.headers.items()],
                "body": body.decode("latin-1"), "client": "%s:%d" % self.client_address[:2]}
        told = [(name, value) for name, value in query.items() if name.startswith("X-RateLimit-") or name == "Retry-After"]
        self.answer(json.dumps(seen).encode(), int(query.get("code", "200")), told)

    def do_plain(self, query, _):
        self.answer(query.get("text", "plain").encode(), kind="text/plain")

    def do_status(self, query, _):
        fields = [(name, value) for name, value in query.items() if name != "code"]
        self.answer(b"{}", int(query["code"]), fields)

    def do_redirect(self, query, _):
        self.answer(b"", 302, [("Location", query["to"])], kind=None)

    def do_huge_chunked(self, *_):
        self.send_chunks(b"x" * 65536, 2000)

    def do_huge(self, *_):
        self.answer(b"y" * (8 * 1024 * 1024), kind="text/plain")

    def do_bomb(self, *_):
        self.answer(gzip.compress(b"\0" * (100 * 1024 * 1024)), fields=[("Content-Encoding", "gzip")])

    def do_gzip(self, *_):
        self.answer(gzip.compress(b'{"compressed":true}'), fields=[("Content-Encoding", "gzip")])

    def do_brotli(self, *_):
        self.answer(b"\x8b\x02\x80hello\x03", fields=[("Content-Encoding", "br")])

    def do_layers(self, *_):
        self.answer(gzip.compress(gzip.compress(b"x")), fields=[("Content-Encoding", "gzip, gzip")])

    def do_silent(self, *_):
        time.sleep(30)

    def do_drip(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(30):
            self.wfile.write(b"z")
            self.wfile.flush()
            time.sleep(1)

    def do_headers(self, *_):
        self.answer(b"", fields=[(f"X-Fill-{i}", "f" * 100) for i in range(90)] + [("X-Long", "l" * 60000)])

    def do_sticky(self, *_):
        self.answer(b"{}", fields=[("Set-Cookie", "session=1"), ("Alt-Svc", 'h2="other.example.com:443"; ma=999'),
                                   ("Strict-Transport-Security", "max-age=999")])

    def do_broken(self, *_):
        self.wfile.write(b"nonsense\r\n\r\n")
        self.close_connection = True

    def do_app_installations_1_access_tokens(self, *_):
        token = "ghs_freshly-made-token-0123456789"
        self.answer(json.dumps({"token": token, "expires_at": "2030-01-01T00:00:00Z", "id": 7,
                                "clone_url": f"https://x:{token}@github.com/a/b"}).encode(), 201,
                    [("Link", f"</next?token={token}>; rel=next")])

    def do_app_installations_2_access_tokens(self, *_):
        self.answer(b"<html>ghs_freshly-made-token-0123456789</html>", 201, kind="text/html")

    def do_straddle(self, query, _):
        secret = self.headers.get("Authorization", "").encode().split(b" ")[-1]
        form = {"raw": secret, "base64": base64.b64encode(secret), "hex": secret.hex().encode()}[query["form"]]
        early = (form + b" ") * int(query["early"])
        cut = 5 * 1024 * 1024
        filler = b" " * (cut - 20000 - len(early))
        self.answer(early + filler + form * (60000 // len(form)) + b" " * 1024 * 1024, kind="text/plain")

    def do_leak(self, *_):
        value = self.headers.get("Authorization", "").encode()
        secret = value.split(b" ")[-1]
        text = secret.decode()
        forms = {"raw": value.decode(), "percent": urllib.parse.quote(text, safe=""),
                 "lower_percent": urllib.parse.quote(text, safe="").lower() if text.islower() else "",
                 "base64": base64.b64encode(secret).decode(), "shifted": base64.b64encode(b"u:" + secret).decode(),
                 "hex": secret.hex(), "json": "".join("\\u%04x" % byte for byte in secret)}
        body = json.dumps({name: form for name, form in forms.items() if name != "json"})
        body = body[:-1] + ', "escaped": "' + forms["json"] + '"}'
        self.answer(body.encode(), fields=[("X-Request-Id", text), ("Link", f"</next?token={text}>; rel=next"),
                                           ("Location", f"/moved?token={text}")])


    def do_drop(self, query, _):
        """Takes a request and ends the connection without an answer."""
        DROPS[query["of"]] = DROPS.get(query["of"], 0) + 1
        self.close_connection = True

    def do_vanish(self, *_):
        """Takes a request, ends the connection without an answer, and takes no other at this port."""
        self.server.socket.close()
        self.close_connection = True

    def do_drops(self, query, _):
        self.answer(str(DROPS.get(query["of"], 0)).encode(), kind="text/plain")

    def do_token(self, query, body):
        """A token endpoint with rotating refresh tokens: using one twice ends the grant (RFC 9700 section 4.14.2)."""
        form = dict(urllib.parse.parse_qsl(body.decode()))
        with open(os.path.join(FOLDER, "token_calls"), "a") as file:
            file.write(json.dumps({"query": query, "form": form, "authorization": self.headers["Authorization"]}) + "\n")
        time.sleep(float(query.get("hold", "0")))
        with GRANTS.lock:
            status, answer = GRANTS.answer(query, form)
        time.sleep(float(query.get("delay", "0")))
        self.answer(json.dumps(answer).encode(), status, [("Retry-After", query["after"])] if "after" in query else [])

    def do_protected(self, *_):
        """Accepts the newest access token alone."""
        token = self.headers.get("Authorization", "")[len("Bearer "):]
        with GRANTS.lock:
            self.answer(b'{"ok":true}' if token in GRANTS.accepted else b"{}", 200 if token in GRANTS.accepted else 401)

    def do_forget(self, *_):
        """Every access token is refused from now on."""
        with GRANTS.lock:
            GRANTS.accepted.clear()
        self.answer(b"{}")


class Grants:
    def __init__(self):
        self.lock = threading.Lock()
        self.count = 0
        self.accepted = set()
        self.refresh = {"first-refresh-token"}
        self.used = set()

    def answer(self, query, form):
        if "status" in query:
            return int(query["status"]), {"error": query.get("error", "server_error")}
        if form["grant_type"] == "refresh_token":
            token = form["refresh_token"]
            if token in self.used:
                self.refresh.clear()
            if token not in self.refresh and (token in self.used or not token.startswith("seed-")):
                return 400, {"error": "invalid_grant"}
            self.refresh.discard(token)
            self.used.add(token)
        self.count += 1
        access, refresh = f"access-token-{self.count:04}", f"refresh-token-{self.count:04}"
        self.accepted.add(access)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": int(query.get("lifetime", "3600"))}
        if form["grant_type"] in ("refresh_token", "authorization_code"):
            self.refresh.add(refresh)
            answer["refresh_token"] = refresh
        return 200, answer


GRANTS = Grants()
DROPS = {}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, family, port, context):
        self.address_family = family
        self.context = context
        super().__init__(("::" if family == socket.AF_INET6 else "0.0.0.0", port), Handler)

    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()

    def get_request(self):
        connection, address = super().get_request()
        local = connection.getsockname()
        ACCEPTED.write(f"{local[0]} {local[1]}\n")
        return connection, address

    def finish_request(self, request, client_address):
        try:
            if self.context:
                request = self.context.wrap_socket(request, server_side=True)
            self.RequestHandlerClass(request, client_address, self)
        except (ssl.SSLError, OSError):
            pass

    def handle_error(self, *_):
        pass


def context_of(name, version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(FOLDER, f"{name}.pem"), os.path.join(FOLDER, f"{name}.key"))
    if version:
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def main():
    make_ca("ca")
    make_ca("stranger")
    os.mkdir(os.path.join(FOLDER, "authorities"))
    shutil.copy(os.path.join(FOLDER, "ca.pem"), os.path.join(FOLDER, "authorities"))
    openssl("rehash", "authorities")
    make_certificate("good", "ca", NAMES)
    make_certificate("untrusted", "stranger", NAMES)
    make_certificate("misnamed", "ca", ["elsewhere.example.com"])
    servers = [(443, context_of("good")), (8443, context_of("good")), (4433, context_of("untrusted")),
               (4434, context_of("misnamed")), (4435, context_of("good", ssl.TLSVersion.TLSv1_1)),
               (4436, context_of("good")), (80, None)]
    for port, context in servers:
        for family in (socket.AF_INET, socket.AF_INET6):
            threading.Thread(target=Server(family, port, context).serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


main()
