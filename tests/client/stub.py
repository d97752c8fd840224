"""A stub of the Messages API for the real client, on 127.0.0.1.

Every request is appended to `requests.jsonl` in the run's directory; `control.json` there (see
`Control`) is read again for each of them.
"""

import dataclasses
import http.server
import json
import os
import sys
import threading
import time

from .answers import (
    DEFAULT_USAGE,
    SLOW_PIECES,
    Answer,
    Control,
    ErrorRule,
    Json,
    compose,
    kind_of,
    newest_prompt,
    stream_events,
    usage_of_size,
)


class Stub(http.server.ThreadingHTTPServer):
    """The server with what it must remember: requests seen, answers and errors given."""

    daemon_threads = True

    def __init__(self, run_dir: str, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.run_dir = run_dir
        self.lock = threading.Lock()
        self.seen = 0
        self.control: Control = {}
        self.served = 0
        self.refused: dict[int, int] = {}

    def read_control(self) -> None:
        """Read the control file; a changed one starts its counters again."""
        try:
            with open(os.path.join(self.run_dir, "control.json"), encoding="utf-8") as file:
                control: Control = json.load(file)
        except FileNotFoundError:
            control = {}
        if control != self.control:
            self.control, self.served, self.refused = control, 0, {}

    def log(self, record: Json) -> None:
        """Append one request to the log."""
        with open(os.path.join(self.run_dir, "requests.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps({"index": self.seen, "time": time.time(), **record}) + "\n")
        self.seen += 1

    def error_for(self, prompt: str) -> ErrorRule | None:
        """Give the first error rule that fits the prompt and is not used up."""
        for index, rule in enumerate(self.control.get("errors", [])):
            used = self.refused.get(index, 0)
            if rule["when"] in prompt and used < rule.get("times", sys.maxsize):
                self.refused[index] = used + 1
                return rule
        return None

    def decide(self, path: str, session_id: str, body: Json) -> tuple[str, ErrorRule | Answer]:
        """Log a request and decide its kind and what to answer."""
        messages = body.get("messages", [])
        prompt, _ = newest_prompt(messages)
        kind = kind_of(path, prompt)
        with self.lock:
            self.read_control()
            self.log({"kind": kind, "session_id": session_id, "prompt": prompt, "body": body})
            error = self.error_for(prompt) if kind in ("message", "summary") else None
            answer = error or compose(self.control, kind, messages, self.served)
            if kind == "message" and not error:
                self.served += 1
        if isinstance(answer, Answer) and self.control.get("measured"):
            answer = measured(answer, body)
        return kind, answer

    def count(self, body: Json) -> int:
        """Count a request's tokens, unless the control file says what to answer."""
        from .sizes import tokens_of_request

        return self.control.get("count_tokens") or tokens_of_request(body)


def measured(answer: Answer, body: Json) -> Answer:
    """Give an answer the usage that its request and its content really have."""
    from .sizes import tokens_of_content, tokens_of_request

    output = tokens_of_content(answer.content)
    usage = usage_of_size(tokens_of_request(body)) | {"output_tokens": output}
    usage["cache_read_input_tokens"] += DEFAULT_USAGE["output_tokens"]
    return dataclasses.replace(answer, usage=usage)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of the client."""

    protocol_version = "HTTP/1.1"
    server: Stub

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep standard error quiet."""

    def do_HEAD(self) -> None:
        """Answer the client's reachability check."""
        self.send_json({})

    def do_GET(self) -> None:
        """Answer listings with nothing."""
        self.send_json({"data": []})

    def do_POST(self) -> None:
        """Answer one API request."""
        body: Json = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
        session_id = self.headers.get("X-Claude-Code-Session-Id", "")
        kind, answer = self.server.decide(self.path, session_id, body)
        if kind == "count_tokens":
            self.send_json({"input_tokens": self.server.count(body)})
        elif kind == "other":
            self.send_json({})
        elif isinstance(answer, Answer):
            self.send_answer(answer, body)
        else:
            error = {"type": answer["type"], "message": answer["message"]}
            self.send_json({"type": "error", "error": error}, answer["status"])

    def send_answer(self, answer: Answer, body: Json) -> None:
        """Send a message, streamed when the request asks for it."""
        envelope = {
            "id": f"msg_{time.time_ns():x}",
            "type": "message",
            "role": "assistant",
            "model": body.get("model"),
        }
        if body.get("stream"):
            self.send_stream(answer, envelope)
        else:
            end = {"stop_reason": answer.stop_reason, "stop_sequence": None}
            self.send_json(envelope | end | {"content": answer.content, "usage": answer.usage})

    def send_json(self, payload: Json, status: int = 200) -> None:
        """Send one JSON document; errors say that a retry is of no use."""
        data = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if status != 200:
            self.send_header("x-should-retry", "false")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def send_stream(self, answer: Answer, envelope: Json) -> None:
        """Send server-sent events; the client may hang up in the middle."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        pause = answer.slow_seconds / SLOW_PIECES
        try:
            for event in stream_events(answer, envelope):
                self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
                if pause and event["type"] == "content_block_delta":
                    time.sleep(pause)
        except (BrokenPipeError, ConnectionResetError):
            return
