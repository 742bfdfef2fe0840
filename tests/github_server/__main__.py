"""Run the sample GitHub: python -m tests.github_server --port 8481 --samples."""

import argparse
import signal
import sys
import threading

from tests.github_server.samples import load_samples
from tests.github_server.server import GitHubServer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.github_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8481)
    parser.add_argument("--samples", action="store_true", help="load the demo's repositories")
    parser.add_argument("--application", metavar="ID:SECRET", help="an OAuth app to know")
    parser.add_argument("--limit", type=int, default=60, help="anonymous requests in an hour")
    options = parser.parse_args()
    server = GitHubServer(options.port, options.host, anonymous_limit=options.limit)
    if options.samples:
        load_samples(server)
    if options.application:
        client_id, _, secret = options.application.partition(":")
        server.application(client_id, secret)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.stop).start())
    print(f"Sample GitHub at {server.url}", flush=True)
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
