"""A large file to hosts: by a step of a playbook, and by one scp a host, all at once."""

import os
import statistics
import subprocess

from measure import timed
from tools import HERE, TOP

SIZE = 47_000_000  # bytes: about a program of Kubernetes
THERE = "/home/admin/bulk"


class Bulk:
    """Whole processes, in turn. What was sent is removed before each; a run counts only if the file is there then."""

    def __init__(self, nodes, work, say):
        self.nodes, self.work, self.say = nodes, work, say
        self.file = work / "bulk"
        self.file.write_bytes(os.urandom(SIZE))  # what nothing can compress
        playbook = work / "bulk.yml"
        playbook.write_text(
            "- name: a large file\n  hosts: all\n  steps:\n"
            f"    - file: {{ path: {THERE}, source: {self.file} }}\n")
        self.commands = {
            "provision": [TOP / "provision", "apply", nodes.inventory, "--playbook", playbook, "--output", "json"],
            "scp": [HERE / "scp.sh", nodes.key, nodes.known_hosts, self.file, THERE,
                    *[f"admin@{address}" for address in nodes.addresses]],
        }

    def medians(self, rounds):
        digest = subprocess.run(["sha256sum", self.file], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[0]
        runs, failures = {}, []
        for _ in range(rounds):
            for key, command in self.commands.items():
                self.nodes.each(f"rm -f {THERE}; sync")
                run = timed(command, os.environ, self.work / f"bulk-{key}.log")
                there = sum(text.startswith(digest) for text in self.nodes.each(f"sha256sum {THERE}"))
                self.say(f"bulk       {key:14} {run['wall']:7.2f} s wall {run['cpu']:6.2f} s cpu {there} hosts have it")
                if run["exit"] == 0 and there == self.nodes.count:
                    runs.setdefault(key, []).append(run)
                else:
                    failures.append(f"bulk, {key}: exit code {run['exit']}, {there} of {self.nodes.count} hosts have it")
        return {
            key: {what: statistics.median(run[what] for run in done) for what in ("wall", "cpu")}
            for key, done in runs.items()
        }, failures
