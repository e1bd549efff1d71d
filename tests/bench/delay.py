"""A slow way to the nodes: what is sent to their SSH ports is held back here, for every tool alike.

The kernel of a lab may have no NETEM. Connections to port 22 of the subnet are led to a proxy of this file by a rule of
iptables' nat table (so it needs root), which is taken away again; the proxy's own connections bear a mark.
"""

import asyncio
import socket
import struct
import subprocess
import threading

MARK = 0x7D
SO_ORIGINAL_DST = 80  # linux/netfilter_ipv4.h
CHUNK = 1 << 16


class Delayed:
    """While it is entered every round trip takes so many milliseconds longer, that of a connection's begin too."""

    def __init__(self, subnet, milliseconds):
        self.subnet = subnet
        self.trip = milliseconds / 1000
        self.ready = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.thread.start()
        if not self.ready.wait(10):
            raise RuntimeError("the proxy that delays does not listen")
        self.rule("-I")
        return self

    def __exit__(self, *_):
        self.rule("-D")
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(10)

    def rule(self, verb):
        subprocess.run(
            ["iptables", "-w", "-t", "nat", verb, "OUTPUT", "-p", "tcp", "-d", self.subnet, "--dport", "22",
             "-m", "mark", "!", "--mark", hex(MARK), "-j", "REDIRECT", "--to-ports", str(self.port)], check=True)

    async def serve(self):
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        async with server:
            await self.over.wait()

    async def connected(self, reader, writer):
        """The handshake of TCP takes a trip before anything is sent, and the host learns of its end half a trip later."""
        began = self.loop.time()
        there = struct.unpack("!2xH4s8x", writer.get_extra_info("socket").getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16))
        out = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        out.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, MARK)
        out.setblocking(False)
        await asyncio.sleep(1.5 * self.trip)
        try:
            await self.loop.sock_connect(out, (socket.inet_ntoa(there[1]), there[0]))
            far_reader, far_writer = await asyncio.open_connection(sock=out)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(
                self.pass_on(reader, far_writer, began + self.trip), self.pass_on(far_reader, writer, 0),
                return_exceptions=True)
        except asyncio.CancelledError:
            pass  # the way is taken away while somebody keeps a connection

    async def pass_on(self, reader, writer, earliest):
        """Each piece half a trip after it came, in its order, however many are on their way."""
        pieces = asyncio.Queue()

        async def write():
            while True:
                due, piece = await pieces.get()
                await asyncio.sleep(max(0, due - self.loop.time()))
                if not piece:
                    writer.close()
                    return
                writer.write(piece)
                await writer.drain()

        writing = asyncio.ensure_future(write())
        try:
            piece = b"x"
            while piece:
                try:
                    piece = await reader.read(CHUNK)
                except OSError:
                    piece = b""
                pieces.put_nowait((max(self.loop.time(), earliest) + self.trip / 2, piece))
            await writing
        finally:
            writing.cancel()
