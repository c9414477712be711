"""Scrapy: the reactor, the downloader with its limits of time and size, AutoThrottle.

site_crawl.py and fetcher.py decide which requests are sent, and when; here one request becomes one response.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from twisted.internet import error as connection

from gongkai.crawl.http import resolver
from gongkai.crawl.http.packing import ACCEPTED, unpack
from gongkai.crawl.http.response import FetchError, HttpResponse, Transport
from gongkai.crawl.http.robots import AGENT
from gongkai.crawl.http.url import place
from gongkai.crawl.site import Manners

Work = Callable[[Transport], Coroutine[Any, Any, None]]
_HTTP = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"


class ReportSpider(scrapy.Spider):
    """A spider whose `start` runs `work`, which sends all requests."""

    name = "gongkai"

    def __init__(self, work: Work, **more: Any) -> None:
        super().__init__(**more)
        self._work = work
        #: the running work; the task stores its exception, which Scrapy would only log
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Run the work; Scrapy has nothing to schedule."""
        self.task = asyncio.ensure_future(self._work(self._download))
        await asyncio.wait([self.task])
        return
        yield  # Scrapy wants an asynchronous generator

    async def _download(self, url: str, conditions: Mapping[str, str], method: str) -> HttpResponse:
        """Send one request. Raises FetchError."""
        slot = {"download_slot": place(url)}
        request = Request(url, method=method, headers=dict(conditions), dont_filter=True, meta=slot)
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except CannotResolveHostError as error:
            raise _name_error(url, error) from error
        except (DownloadTimeoutError, connection.TimeoutError) as error:
            raise FetchError("timeout", "no whole answer in time", True) from error
        except (DownloadCancelledError, IgnoreRequest) as error:
            raise FetchError("too-large", "the answer is larger than [crawl] mebibytes") from error
        except ResponseDataLossError as error:
            raise FetchError("truncated", "fewer bytes came than were announced", True) from error
        except (
            DownloadConnectionRefusedError, DownloadFailedError, connection.ConnectError,
            connection.ConnectionClosed, OSError,
        ) as error:  # fmt: skip
            raise FetchError("connection", _first_line(error) or type(error).__name__, True) from error
        except ValueError as error:
            raise FetchError("bad-redirect", f"no address that can be asked: {_first_line(error)}") from error
        most = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        return _answer(response, float(request.meta.get("download_latency", 0.0)), most)


def _answer(response: Response, seconds: float, most: int) -> HttpResponse:
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    # the answer to HEAD has no body to unpack, and its length is that of a packed one
    head = response.request is not None and response.request.method == "HEAD"
    body = b"" if head else unpack(response.body, headers.pop("content-encoding", ""), most)
    return HttpResponse(response.url, response.status, headers, body, str(response.ip_address or ""), seconds)


def _name_error(url: str, error: Exception) -> FetchError:
    host = (urlsplit(url).hostname or "").strip("[]")
    bad = resolver.refused.get(host)
    if bad is None:
        return FetchError("name-unknown", f"the name {host} does not resolve", True)
    return FetchError(
        "address-private", f"{host} is {bad}: this machine or a private network (--allow-private)"
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def settings(manners: Manners, version: str, everything: bool) -> dict[str, Any]:
    """Scrapy's settings: the downloader with its limits; everything else is off."""
    none = dict.fromkeys(
        (
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
            "scrapy.downloadermiddlewares.retry.RetryMiddleware",
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware",
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
            # a proxy would resolve names without our address filter
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware",
        )
    )
    size = int(manners.mebibytes * 1024 * 1024)
    return {
        "USER_AGENT": f"{AGENT}/{version} (+{manners.contact})",
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Accept-Encoding": ACCEPTED,
        },
        "DOWNLOADER_MIDDLEWARES": none,
        "DOWNLOAD_HANDLERS": {
            "http": _HTTP,
            "https": _HTTP,
            "file": None,
            "ftp": None,
            "s3": None,
            "data": None,
        },
        "TWISTED_DNS_RESOLVER": "gongkai.crawl.http.resolver.GuardedResolver",
        resolver.EVERYTHING: everything,
        resolver.NETWORKS: list(manners.private),
        "COMPRESSION_ENABLED": False,  # packing.py unpacks
        "CONCURRENT_REQUESTS": 0,  # each site sends one request at a time, and sites_at_once limits the sites
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": manners.delay,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(manners.delay, manners.delay_most),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_TIMEOUT": manners.timeout,
        "DOWNLOAD_MAXSIZE": size,
        "DOWNLOAD_WARNSIZE": 0,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "MEMUSAGE_ENABLED": False,
        "EXTENSIONS": {
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.spiderstate.SpiderState": None,
            "scrapy.extensions.corestats.CoreStats": None,
        },
    }


def run(work: Work, chosen: dict[str, Any]) -> None:
    """Run the work in the reactor, once in a process. Raises what the work raises."""
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(chosen)
    crawler = process.create_crawler(ReportSpider)
    process.crawl(crawler, work=work)
    process.start(install_signal_handlers=False)
    spider = crawler.spider
    if not isinstance(spider, ReportSpider) or spider.task is None:
        raise RuntimeError("Scrapy did not start")
    spider.task.result()
