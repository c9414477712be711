"""The summary of a night → a command or a webhook; the only file of `nightly` that uses the network."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongkai.nightly.config import NotifyConfig

#: characters of a message: chat robots take at least 2,048 bytes
_LONGEST = 600
#: bytes of a response that are read
_ANSWER = 65_536


def is_wanted(notify: NotifyConfig, code: int, changed: bool) -> bool:
    """Whether the configuration wants a notification of such a night."""
    return {"always": True, "change": code != 0 or changed, "problem": code != 0}[notify.when]


def notify(config: NotifyConfig, summary: Mapping[str, Any], report: Path | None) -> list[str]:
    """Send the notifications; a line for each problem. A failed notification raises nothing."""
    message = {"text": summary["line"][:_LONGEST], **summary}
    problems = []
    if config.command:
        problems += _call(config, message, report)
    if config.webhook:
        problems += _post(config, message)
    return problems


def _call(notify: NotifyConfig, message: Mapping[str, Any], report: Path | None) -> list[str]:
    """Run the command, with the summary as JSON on standard input and its main parts in the environment."""
    name = notify.command[0]
    environment = {
        **os.environ,
        "GONGKAI_STATUS": str(message["status"]),
        "GONGKAI_CODE": str(message["code"]),
        "GONGKAI_LINE": str(message["text"]),
        "GONGKAI_REPORT": "" if report is None else str(report),
    }
    try:
        done = subprocess.run(
            notify.command,
            input=json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=notify.timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [f"notification: {name} took more than {notify.timeout:g} seconds"]
    except OSError as error:
        return [f"notification: {name} cannot be started: {error.strerror or error}"]
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return [f"notification: {name} ended with {done.returncode}{f': {lines[-1]}' if lines else ''}"]
    return []


def _post(notify: NotifyConfig, message: Mapping[str, Any]) -> list[str]:
    """Call the webhook. Its address often contains a secret, so no message shows it."""
    data = json.dumps(_body(notify.format, message), ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "gongkai-nightly"}
    request = urllib.request.Request(notify.webhook, data=data, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=notify.timeout) as answer:
            body = answer.read(_ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        return [f"notification: the webhook answered {error.code}"]
    except OSError as error:  # URLError is one
        return [f"notification: the webhook cannot be reached: {getattr(error, 'reason', error)}"]
    refused = "" if notify.format == "json" else _refusal_code(body)
    return [f"notification: the webhook refused it: {refused}"] if refused else []


def _body(format: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message in the format of a chat robot (企业微信, 钉钉, 飞书); else the whole summary."""
    if format in ("wecom", "dingtalk"):
        return {"msgtype": "text", "text": {"content": message["text"]}}
    if format == "feishu":
        return {"msg_type": "text", "content": {"text": message["text"]}}
    return message


def _refusal_code(body: bytes) -> str:
    """The error code of a chat robot: it answers 200 also when it refuses a message."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    code = answer.get("errcode", answer.get("code", 0)) if isinstance(answer, dict) else 0
    return f"code {code}" if code else ""
