"""lib/fastcgi behind a real nginx: python3 fastcgi_tests.py ECHO_HANDLER [unittest arguments]."""

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

from fastcgi_stack import RawConnection, Stack, eventually

HANDLER = sys.argv.pop(1)
LIMIT = 16 << 20


def lines_of(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


class StackCase(unittest.TestCase):
    processes = 1

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(HANDLER, cls.processes)

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def text(self, target, *options, http2=False):
        return self.stack.curl(target, *options, http2=http2).stdout.decode()

    def status(self, target, *options):
        answer = self.text(target, *options, "-w", "\n%{http_code}")
        return int(answer.rsplit("\n", 1)[1]), answer

    def state(self):
        return self.text("/state")

    def raw(self):
        connection = RawConnection(self.stack.folder + "/handler.sock")
        self.addCleanup(connection.close)
        return connection


class Requests(StackCase):
    def test_slow_requests_on_kept_connections_do_not_hold_up_a_fast_one(self):
        slow = [threading.Thread(target=self.stack.curl, args=("/slow?ms=2000",)) for _ in range(60)]
        start = time.monotonic()
        for thread in slow:
            thread.start()
        eventually(lambda: threads_in(self.state()) >= 60, 5, "60 requests in work")
        fast_start = time.monotonic()
        self.assertEqual(self.text("/constant"), "constant\n")
        self.assertLess(time.monotonic() - fast_start, 1)
        for thread in slow:
            thread.join()
        self.assertLess(time.monotonic() - start, 8)

    def test_idle_kept_connections_hold_no_thread(self):
        connections = [self.raw() for _ in range(100)]
        for connection in connections:
            self.assertIn(b"constant", connection.get("/constant"))
        eventually(lambda: threads_in(self.state()) < 10, 25, "surplus threads gone")
        for connection in connections:
            self.assertIn(b"constant", connection.get("/constant"))

    def test_bodies_of_16_mib_arrive_whole(self):
        body = os.urandom(LIMIT)
        path = self.stack.folder + "/body"
        with open(path, "wb") as file:
            file.write(body)
        chunked = ("-H", "Transfer-Encoding: chunked")
        for target, options, http2 in [("/body", (), False), ("/body", (), True), ("/body", chunked, False),
                                       ("/unbuffered/body", chunked, False), ("/not_kept/body", (), False)]:
            with self.subTest(target=target, options=options, http2=http2):
                answer = self.stack.curl(target, "-H", "Expect:", *options, "--data-binary", "@" + path,
                                         http2=http2)
                self.assertEqual(hashlib.sha256(answer.stdout).digest(), hashlib.sha256(body).digest())
        with open(path, "ab") as file:
            file.write(b"x")
        for options in [(), chunked]:
            code, answer = self.status("/unbuffered/body", "-H", "Expect:", *options, "--data-binary",
                                       "@" + path)
            self.assertEqual(code, 413)
            self.assertIn('"code":"body_too_large"', answer)

    def test_a_repeated_field_is_refused(self):
        code, answer = self.status("/echo", "-H", "X-A: 1", "-H", "X-A: 2")
        self.assertEqual(code, 400)
        self.assertIn('"code":"repeated_field"', answer)
        self.assertEqual(self.status("/echo", "-H", "X-A: 1", "-H", "X-B: 1")[0], 200)

    def test_failures_are_rendered_and_the_process_goes_on(self):
        before = self.stack.workers()
        for target, wanted in [("/throw", 500), ("/injection", 500), ("/unavailable", 503), ("/none", 404)]:
            code, answer = self.status(target, "-i")
            self.assertEqual(code, wanted, target)
            self.assertIn("application/problem+json", answer)
            self.assertNotIn("secret", answer)
            self.assertNotIn("on purpose", answer)
        self.assertIn("Retry-After: 1", self.text("/unavailable", "-i"))
        self.assertEqual(self.stack.workers(), before)

    def test_a_large_answer_arrives_whole_and_a_head_request_has_none(self):
        self.assertEqual(len(self.stack.curl("/big?size=5000000").stdout), 5000000)
        self.assertIn("Content-Length: 500\r\n", self.text("/big?size=500", "-I"))

    def test_rubbish_on_the_socket_ends_that_connection_alone(self):
        before = self.stack.workers()
        for rubbish in [b"\x00" * 64, os.urandom(4096), b"GET / HTTP/1.1\r\n\r\n", b"\x01\x04\x00\x01\xff\xff"]:
            connection = self.raw()
            connection.socket.sendall(rubbish)
            connection.socket.shutdown(socket.SHUT_WR)
            while connection.read_record() is not None:
                pass
        self.assertEqual(self.text("/constant"), "constant\n")
        self.assertEqual(self.stack.workers(), before)


class Streams(StackCase):
    def start_stream(self, query, http2):
        version = ["--http2-prior-knowledge"] if http2 else []
        child = subprocess.Popen(["curl", "-sN", *version, self.stack.url("/stream?" + query, http2)],
                                 stdout=subprocess.PIPE)
        self.addCleanup(child.stdout.close)
        return child

    def test_events_arrive_at_once(self):
        for http2 in [False, True]:
            with self.subTest(http2=http2):
                child = self.start_stream("events=3&ms=1000", http2)
                start = time.monotonic()
                child.stdout.readline()
                self.assertLess(time.monotonic() - start, 0.8)
                self.assertEqual(child.stdout.read().count(b"data: "), 3)
                self.assertGreater(time.monotonic() - start, 2.5)
                child.wait()

    def test_a_client_that_goes_is_noticed(self):
        for http2 in [False, True]:
            with self.subTest(http2=http2):
                log = f"{self.stack.folder}/gone{http2}"
                child = self.start_stream(f"events=2&ms=20000&log={log}", http2)
                child.stdout.readline()
                child.kill()
                child.wait()
                eventually(lambda: lines_of(log) == ["gone"], 1, "the handler notices")

    def test_a_stop_ends_a_stream_but_finishes_a_request(self):
        log = self.stack.folder + "/stopped"
        child = self.start_stream(f"events=2&ms=20000&log={log}", False)
        child.stdout.readline()
        answers = []
        slow = threading.Thread(target=lambda: answers.append(self.text("/slow?ms=1500")))
        slow.start()
        worker, = self.stack.workers()
        eventually(lambda: threads_of(worker) >= 4, 5, "both in work")
        os.kill(worker, signal.SIGTERM)
        eventually(lambda: lines_of(log) == ["gone"], 1, "the stream's end")
        slow.join()
        self.assertEqual(answers, ["slow\n"])
        eventually(lambda: worker not in self.stack.workers(), 1, "the process's end")
        child.wait()


class Restarts(StackCase):
    processes = 2

    def post_under_load(self, seconds, disturb):
        """Posts from eight threads; gives what was not answered 200, and what was executed."""
        log = f"{self.stack.folder}/count{disturb.__name__}"
        failed, sent, deadline = [], [], time.monotonic() + seconds

        def post(poster):
            client = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=20)
            number = 0
            while time.monotonic() < deadline:
                number += 1
                name = f"{poster}-{number}"
                client.request("POST", f"/count?log={log}&id={name}", body=b"x")
                answer = client.getresponse()
                answer.read()
                sent.append(name)
                if answer.status != 200:
                    failed.append((time.monotonic(), answer.status))
            client.close()

        posters = [threading.Thread(target=post, args=(i,)) for i in range(8)]
        for poster in posters:
            poster.start()
        disturb(deadline)
        for poster in posters:
            poster.join()
        return failed, sent, lines_of(log)

    def terminate(self, deadline):
        while time.monotonic() < deadline - 0.5:
            time.sleep(0.2)
            worker = self.stack.workers()[0]
            os.kill(worker, signal.SIGTERM)
            eventually(lambda worker=worker: worker not in self.stack.workers(), 5, "the end of the process")
            self.stopped += 1

    def kill(self, _):
        time.sleep(1)
        os.kill(self.stack.workers()[0], signal.SIGKILL)
        self.killed_at = time.monotonic()

    def test_sigterm_under_load_loses_no_request(self):
        self.stopped = 0
        failed, sent, executed = self.post_under_load(6, self.terminate)
        self.assertEqual(failed, [])
        self.assertEqual(sorted(sent), sorted(executed))
        self.assertGreater(self.stopped, 2)
        print(f"SIGTERM: {len(sent)} requests over {self.stopped} stops, none lost", file=sys.stderr)

    def test_sigkill_loses_only_what_was_in_flight(self):
        failed, sent, _ = self.post_under_load(3, self.kill)
        self.assertLessEqual(len(failed), 8)
        for moment, status in failed:
            self.assertEqual(status, 502)
            self.assertLess(moment - self.killed_at, 1)
        print(f"SIGKILL: {len(failed)} of {len(sent)} lost", file=sys.stderr)

    def test_a_crash_is_followed_by_an_answer_within_a_second(self):
        self.assertEqual(self.status("/crash")[0], 502)
        eventually(lambda: self.status("/constant")[0] == 200, 1, "the next answer")

    def test_an_idle_connection_is_asked_for_before_it_is_closed(self):
        connection = self.raw()
        worker = int(re.search(rb"pid (\d+)", connection.get("/state")).group(1))
        os.kill(worker, signal.SIGTERM)
        self.assertEqual(connection.read_record(), (7, b""))
        self.assertIn(b"constant", connection.get("/constant"))
        eventually(lambda: worker not in self.stack.workers(), 5, "an end though the connection stays open")


class Confinement(StackCase):
    def test_the_process_has_no_network(self):
        self.assertEqual(interfaces_in(self.state()), ["lo"])  # which is down, as the next line shows
        self.assertEqual(self.text(f"/reach?port={self.stack.port}"), "Network is unreachable\n")

    def test_the_process_gives_up_what_it_does_not_need(self):
        state = self.state()
        self.assertRegex(state, "no_new_privs 1")
        self.assertRegex(state, r"Umask:\s+0077")
        if "sanitized" not in state:
            self.assertRegex(state, "dumpable 0")

    def run_cgi(self, environment, body=b"", command=()):
        return subprocess.run([*command, self.stack.handler], env=dict(self.stack.environment, **environment),
                              input=body, stdout=subprocess.PIPE, check=True).stdout.decode()

    def test_plain_cgi_answers_one_request(self):
        answer = self.run_cgi({"REQUEST_METHOD": "POST", "SCRIPT_NAME": "/echo", "QUERY_STRING": "a=b",
                               "CONTENT_LENGTH": "3", "HTTP_X_A": "1"}, b"abcdef")
        self.assertTrue(answer.startswith("Status: 200 OK\r\n"))
        self.assertIn("POST /echo?a=b\n", answer)
        self.assertIn("x-a: 1\n", answer)
        self.assertTrue(answer.endswith("body 3\n"))

    def test_an_unprivileged_process_keeps_its_identity(self):
        command = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
        state = self.run_cgi({"REQUEST_METHOD": "GET", "SCRIPT_NAME": "/state"}, command=command)
        user = 65534 if command else os.geteuid()
        self.assertRegex(state, rf"Uid:\t{user}\t{user}")
        self.assertRegex(state, r"CapEff:\t0000000000000000")
        self.assertEqual(interfaces_in(state), ["lo"])

    def test_a_socket_from_systemd_is_served(self):
        path = self.stack.folder + "/systemd.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            child = subprocess.Popen(
                ["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" </dev/null 3<&{listener.fileno()}',
                 self.stack.handler], pass_fds=[listener.fileno()], env=self.stack.environment,
                stderr=subprocess.DEVNULL)
        connection = RawConnection(path)
        self.addCleanup(connection.close)
        self.assertIn(b"constant", connection.get("/constant", keep=False))
        self.assertIsNone(connection.read_record())
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=5), 0)


def threads_in(state):
    return int(re.search(r"Threads:\s+(\d+)", state).group(1))


def interfaces_in(state):
    return re.findall(r"^ *(\S+):(?: +\d+){16}", state, re.M)


def threads_of(process):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return threads_in(file.read())


if __name__ == "__main__":
    unittest.main(verbosity=2)
