"""One session of our own, to know that the first page runs before a person is told so."""

import socket
import time
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from dashboard.server.settings import ServerSettings
from dashboard.server.site import HOST
from dashboard.text import words

_STREAM = "/_stcore/stream"


def run_first_page(settings: ServerSettings, timeout: float, *, cookie: str) -> bool:
    """Whether a session runs the app's first page to its end without an exception.

    timeout: seconds to wait for the server to listen and for the page to end.
    cookie: the header that lets it in.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        with suppress(ConnectionError, TimeoutError):
            return _run(settings, cookie, deadline)
        time.sleep(0.05)  # not listening yet
    return False


def _run(settings: ServerSettings, cookie: str, deadline: float) -> bool:
    address = settings.address
    headers = {"Cookie": cookie}
    if settings.name:
        headers |= {"X-Forwarded-For": HOST, "X-Forwarded-Proto": "https"}
    scheme, _, host = address.partition("://")
    request = BackMsg()
    request.rerun_script.SetInParent()
    has_failed = False
    try:
        with connect(
            f"ws://{host}{_STREAM}",
            sock=socket.create_connection((HOST, settings.port)),
            origin=Origin(f"{scheme}://{host}"),
            additional_headers=headers,
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            proxy=None,
        ) as stream:
            stream.send(request.SerializeToString())
            while True:
                data = stream.recv(timeout=max(deadline - time.monotonic(), 0))
                message = ForwardMsg.FromString(data if isinstance(data, bytes) else b"")
                element = message.delta.new_element
                has_failed |= element.HasField("exception")
                has_failed |= element.heading.body == words.UNFORESEEN
                if message.WhichOneof("type") == "script_finished":
                    is_whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                    return is_whole and not has_failed
    except WebSocketException:
        return False
