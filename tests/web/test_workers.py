"""Several processes behind one address: one that is killed comes back, and all stop with their parent."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Recroise
from tests.web import made

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in Linux's /proc")

ASKED = 20  # connections, which several sockets share


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    made.site(folder, made.NODES, made.EDGES).close()
    return folder


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``recroise serve``; give the process and the address that it says."""
    command = [sys.executable, "-c", "from output.cli import main; main()", "serve", "--data", str(data), "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as server:
        try:
            yield server, server.stdout.readline().split()[-1]
        finally:
            server.kill()


def workers(server: subprocess.Popen[str]) -> list[int]:
    return [int(each) for each in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def statuses(address: str) -> set[int]:
    return {httpx.get(f"{address}fr/").status_code for _ in range(ASKED)}  # each time another connection


def wait_for(processes: list[int]) -> None:
    """Return when none of the processes, which are not ours to wait for, is there any more."""
    for process in processes:
        with suppress(ProcessLookupError):
            end = os.pidfd_open(process)
            assert select.select([end], [], [], 30)[0], f"{process} goes on"
            os.close(end)


def test_a_killed_worker_comes_back(data: Path) -> None:
    with serving(data, "--workers", "2") as (server, address):
        assert statuses(address) == {200}
        first = workers(server)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        said = iter(server.stderr.readline, "")
        assert any("signal 9" in line for line in said)
        assert statuses(address) == {200}, "who waited at its socket is answered by the one that took its place"
        assert len(workers(server)) == 2
        assert first[0] not in workers(server)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_they_stop_with_their_parent(data: Path, stop: signal.Signals) -> None:
    with serving(data, "--workers", "2") as (server, address):
        assert httpx.get(f"{address}fr/").status_code == 200
        started = workers(server)
        server.send_signal(stop)
        wait_for(started)
        ended = server.wait(30)
        assert ended == (130 if stop == signal.SIGINT else -stop)
        assert "Traceback" not in server.stderr.read()
        with pytest.raises(httpx.ConnectError):
            httpx.get(address)


def test_an_address_that_another_server_has_is_refused(data: Path, recroise: Recroise) -> None:
    with serving(data, "--workers", "2") as (_, address):
        port = address.rstrip("/").rpartition(":")[2]
        for count in ("1", "2"):
            done = recroise("serve", "--data", data, "--port", port, "--workers", count)
            assert done.returncode != 0
            assert f"port {port}: cannot be listened at" in done.stderr
            assert len(done.stderr.splitlines()) == 1
