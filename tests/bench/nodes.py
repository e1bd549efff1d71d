"""The benchmark's nodes: a lab of its own, so that fresh nodes cost nobody theirs."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAME = "provision-bench"


class Nodes:
    def __init__(self, count, subnet):
        self.count = count
        self.prefix = subnet.removesuffix(".0/24")
        image = subprocess.run([HERE / "image"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
        self.environment = os.environ | {
            "PROVISION_LAB_NAME": NAME,
            "PROVISION_LAB_SUBNET": subnet,
            "PROVISION_LAB_IMAGE": image,
        }
        self.numbers = range(1, count + 1)
        self.names = ["cp1"] + [f"w{n}" for n in range(1, count)]
        self.addresses = [f"{self.prefix}.{10 + n}" for n in self.numbers]

    def fresh(self):
        """New nodes, and what their login is found in."""
        self.down()
        up = subprocess.run(
            [HERE.parent / "lab/up", str(self.count)],
            check=True, stdout=subprocess.PIPE, text=True, env=self.environment)
        self.inventory = Path(up.stdout.strip())
        self.key = self.inventory.parent / "id_ed25519"
        self.known_hosts = self.inventory.parent / "known_hosts"
        # Package lists as fresh as the node: else Ansible, which asks their age, would fetch them.
        self.each("touch /var/lib/apt/lists")

    def down(self):
        subprocess.run(
            [HERE.parent / "lab/down"], check=True, env=self.environment, stderr=subprocess.DEVNULL)

    def each(self, script):
        """What a script prints on each node, run through the container engine."""
        def one(number):
            command = ["docker", "exec", "-i", f"{NAME}-{number}", "sh"]
            return subprocess.run(command, input=script, stdout=subprocess.PIPE, text=True, check=False).stdout
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(one, self.numbers))

    def state(self):
        return self.each((HERE / "state.sh").read_text())

    def counters(self):
        """Bytes on the wire in both directions and execs so far, of all nodes."""
        texts = self.each(
            "cat /sys/class/net/eth0/statistics/rx_bytes /sys/class/net/eth0/statistics/tx_bytes\n"
            "journalctl -t sshd -o cat | grep -c '^Starting session: '\n")
        rows = [[int(word) for word in text.split()] for text in texts]
        return {
            "bytes_to_host": sum(row[0] for row in rows),
            "bytes_from_host": sum(row[1] for row in rows),
            "execs": sum(row[2] for row in rows),
        }
