"""nginx, spawn-fcgi, multiwatch and one handler in a folder of their own, and a bare FastCGI client."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

SNIPPET = os.path.join(os.path.dirname(__file__), "../../nginx/snippets/fastcgi_handler.conf")

NGINX = """
{user} worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/b; fastcgi_temp_path {folder}/f; proxy_temp_path {folder}/p;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    access_log off; client_max_body_size 20m;
    upstream kept {{ server unix:{folder}/handler.sock; keepalive 32; }}
    upstream not_kept {{ server unix:{folder}/handler.sock; }}
    server {{
        listen 127.0.0.1:{port};
        listen 127.0.0.1:{http2_port} http2;
        include {snippet};
        location / {{ fastcgi_pass kept; }}
        location /not_kept/ {{ fastcgi_keep_conn off; fastcgi_pass not_kept; }}
        location /unbuffered/ {{ fastcgi_request_buffering off; fastcgi_pass kept; }}
    }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, seconds, what):
    """The first true value of condition(), or a failure that says what did not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {what}")


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class Stack:
    """Processes of the handler behind nginx; started once, stopped with close()."""

    def __init__(self, handler, processes):
        self.folder = tempfile.mkdtemp(prefix="gatehouse-fastcgi-")
        os.chmod(self.folder, 0o755)
        self.handler = shutil.copy(handler, self.folder)
        self.environment = dict(os.environ, GATEHOUSE_CONFIG=self.folder + "/gatehouse.toml")
        self.port, self.http2_port = free_port(), free_port()
        self.children = []
        write(self.folder + "/gatehouse.toml",
              'public_url = "https://localhost"\n[database]\nhost = "/nowhere"\n')
        write(self.folder + "/nginx.conf", NGINX.format(
            user="user root;" if os.geteuid() == 0 else "", folder=self.folder, port=self.port,
            http2_port=self.http2_port, snippet=os.path.abspath(SNIPPET)))
        self.supervisor = self.start(
            "spawn-fcgi", "-n", "-s", self.folder + "/handler.sock", "--",
            shutil.which("multiwatch"), "-f", str(processes), "-s", "TERM", "-r", "1000000", "-t", "100",
            "--", shutil.which("setpriv"), "--pdeathsig", "TERM", self.handler)
        self.nginx = self.start("nginx", "-p", self.folder, "-c", "nginx.conf", "-e", "nginx.log")
        eventually(self.is_ready, 10, "an answer of the stack, see " + self.folder)

    def start(self, *command):
        with open(self.folder + "/handler.log", "ab") as log:
            child = subprocess.Popen(command, env=self.environment, stderr=log, stdin=subprocess.DEVNULL)
        self.children.append(child)
        return child

    def is_ready(self):
        with contextlib.suppress(OSError):
            return b"constant" in self.curl("/constant").stdout
        return False

    def url(self, target, http2=False):
        return f"http://127.0.0.1:{self.http2_port if http2 else self.port}{target}"

    def curl(self, target, *options, http2=False):
        version = ["--http2-prior-knowledge"] if http2 else []
        return subprocess.run(["curl", "-s", "-m", "20", *version, *options, self.url(target, http2)],
                              stdout=subprocess.PIPE, check=False)

    def workers(self):
        """The handler's processes, oldest first."""
        path = f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children"
        with open(path, encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def close(self):
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            child.wait(timeout=40)
        shutil.rmtree(self.folder)


class RawConnection:
    """One FastCGI connection to a handler's socket, as nginx would hold it."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rb")

    def send(self, kind, content=b""):
        self.socket.sendall(struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content)

    def send_request(self, *parameters, keep=True):
        pairs = b"".join(struct.pack("BB", len(name), len(value)) + name.encode() + value.encode()
                         for name, value in parameters)
        self.send(1, struct.pack("!HB5x", 1, 1 if keep else 0))
        self.send(4, pairs)
        self.send(4)
        self.send(5)

    def read_record(self):
        """Type and content; None at the end of the connection."""
        head = self.stream.read(8)
        if len(head) < 8:
            return None
        _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", head)
        return kind, self.stream.read(length + padding)[:length]

    def read_answer(self):
        answer = b""
        while True:
            record = self.read_record()
            assert record is not None, "the connection ended within an answer"
            if record[0] == 3:
                return answer
            if record[0] == 6:
                answer += record[1]

    def get(self, target, keep=True):
        self.send_request(("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", target), keep=keep)
        return self.read_answer()

    def close(self):
        self.stream.close()
        self.socket.close()
