"""Clients that read slowly: in a process of their own, so that reading costs the load generator nothing."""

import multiprocessing
import select
import socket
import time

CLIENTS = 50
RATE = 10 * 1024
STEP = 0.2
WAIT = 10


def read_slowly(port, target, ready):
    clients = []
    for _ in range(CLIENTS):
        client = socket.socket()
        # Else the kernel takes megabytes at once, and the server has nothing to wait for.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        client.connect(("127.0.0.1", port))
        client.sendall(("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % target).encode())
        clients.append(client)
    for client in clients:
        select.select([client], [], [], WAIT)
    ready.set()
    while True:
        for client in clients:
            client.recv(int(RATE * STEP))
        time.sleep(STEP)


class Crowd:
    def __init__(self, port, target):
        ready = multiprocessing.Event()
        self.process = multiprocessing.Process(target=read_slowly, args=(port, target, ready), daemon=True)
        self.process.start()
        ready.wait(WAIT * 2)

    def leave(self):
        self.process.terminate()
        self.process.join()
