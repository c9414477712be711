"""The summary of a night → a command, or an address on the web: the one thing here that touches the network."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gongkai.nightly.config import Notify

#: characters of a message: the robots of chat programs take 2,048 bytes at the least
_LONGEST = 600
#: bytes of an answer that are looked at
_ANSWER = 65_536


def wanted(notify: Notify, code: int, changed: bool) -> bool:
    """Whether anybody wants to be told of such a night."""
    return {"always": True, "change": code != 0 or changed, "problem": code != 0}[notify.when]


def tell(notify: Notify, summary: Mapping[str, Any], report: Path | None) -> list[str]:
    """Tell who is to be told; what went wrong with it, a line each. Never raises for that."""
    told = {"text": summary["line"][:_LONGEST], **summary}
    wrong = []
    if notify.command:
        wrong += _call(notify, told, report)
    if notify.webhook:
        wrong += _post(notify, told)
    return wrong


def _call(notify: Notify, told: Mapping[str, Any], report: Path | None) -> list[str]:
    """The command, with the summary as JSON on its standard input and its chief parts in its environment."""
    name = notify.command[0]
    environment = {
        **os.environ,
        "GONGKAI_STATUS": str(told["status"]),
        "GONGKAI_CODE": str(told["code"]),
        "GONGKAI_LINE": str(told["text"]),
        "GONGKAI_REPORT": "" if report is None else str(report),
    }
    try:
        done = subprocess.run(
            notify.command,
            input=json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"),
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
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return [f"notification: {name} ended with {done.returncode}{f': {said[-1]}' if said else ''}"]
    return []


def _post(notify: Notify, told: Mapping[str, Any]) -> list[str]:
    """The webhook. Its address holds a secret, often, and stands in no message."""
    data = json.dumps(_body(notify.format, told), ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "gongkai-nightly"}
    request = urllib.request.Request(notify.webhook, data=data, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=notify.timeout) as answer:
            said = answer.read(_ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        return [f"notification: the webhook answered {error.code}"]
    except OSError as error:  # URLError is one
        return [f"notification: the webhook cannot be reached: {getattr(error, 'reason', error)}"]
    refused = "" if notify.format == "json" else _refused(said)
    return [f"notification: the webhook refused it: {refused}"] if refused else []


def _body(format: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the robots of chat programs take: 企业微信, 钉钉, 飞书; else all of the summary."""
    if format in ("wecom", "dingtalk"):
        return {"msgtype": "text", "text": {"content": told["text"]}}
    if format == "feishu":
        return {"msg_type": "text", "content": {"text": told["text"]}}
    return told


def _refused(said: bytes) -> str:
    """These robots answer 200 also where they refuse, with a code that is not 0."""
    try:
        answer = json.loads(said)
    except ValueError:
        return ""
    code = answer.get("errcode", answer.get("code", 0)) if isinstance(answer, dict) else 0
    return f"code {code}" if code else ""
