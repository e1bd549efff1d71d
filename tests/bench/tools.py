"""The tools that do the job, each as a command and a test of whether its run ended well."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent


class Tool:
    """needs: what must be there, by name; changed: how many changes an output tells of, None where it does not tell."""

    def __init__(self, key, title, command, changed, environment=None, converged=True, cold=True, missing=""):
        self.key, self.title, self.command, self.changed = key, title, command, changed
        self.environment = os.environ | (environment or {})
        self.converged, self.cold, self.missing = converged, cold, missing

    def complaint(self, run, may_change):
        """Why a run does not count, or nothing."""
        if run["exit"] != 0:
            return f"exit code {run['exit']}: {run['output'][-400:]}"
        changes = self.changed(run["output"])
        if changes is not None and not may_change and changes:
            return f"{changes} changes where nothing was to be done"
        return ""


def provision_changes(output):
    summary = json.loads(output.strip().splitlines()[-1])
    return summary["changed"]


def ansible_changes(output):
    return sum(int(count) for count in re.findall(r"changed=(\d+)", output)) if "PLAY RECAP" in output else 1


def all_tools(nodes, work):
    ansible = "" if shutil.which("ansible-playbook") else "ansible"
    mitogen = ansible or ("" if importlib.util.find_spec("ansible_mitogen", None) or debian_mitogen() else "ansible-mitogen")
    playbook = ["ansible-playbook", "-i", work / "hosts.ini", HERE / "ansible/prep.yml"]

    def configured(strategy):
        return {
            "ANSIBLE_CONFIG": str(HERE / "ansible/ansible.cfg"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(work / "control"),
            "ANSIBLE_STRATEGY": strategy,
            "ANSIBLE_NOCOLOR": "1",
        }

    def peer(key, title, strategy, missing):
        return Tool(key, title, playbook, ansible_changes, configured(strategy), missing=missing)

    return [
        Tool("provision", "provision apply",
             [TOP / "provision", "apply", nodes.inventory, "--playbook", HERE / "job.yml", "--output", "json"],
             provision_changes),
        Tool("floor", "OpenSSH, one script a host (the floor)",
             [HERE / "floor.sh", nodes.key, "admin", *nodes.addresses], lambda _: None, cold=False),
        Tool("by-hand", "OpenSSH, the job written by hand",
             [HERE / "by-hand.sh", nodes.key, "admin",
              *[f"{name}={address}" for name, address in zip(nodes.names, nodes.addresses)]],
             lambda _: None, converged=False),
        peer("ansible", "Ansible, tuned", "linear", ansible),
        peer("ansible-free", "Ansible, tuned, strategy free", "free", ansible),
        peer("mitogen", "Ansible, Mitogen", "mitogen_linear", mitogen),
        peer("mitogen-free", "Ansible, Mitogen, strategy free", "mitogen_free", mitogen),
    ]


def debian_mitogen():
    return Path("/usr/lib/python3/dist-packages/ansible_mitogen").is_dir()


def prepare(nodes, work):
    """Ansible's inventory of the same nodes, and no connection left from nodes that are gone."""
    control = work / "control"
    if control.is_dir():
        for socket in control.iterdir():
            subprocess.run(["ssh", "-O", "exit", "-o", f"ControlPath={socket}", "x"], check=False, capture_output=True)
            socket.unlink(missing_ok=True)
    control.mkdir(exist_ok=True)
    login = f"ansible_user=admin ansible_ssh_private_key_file={nodes.key}"
    rows = [f"{name} ansible_host={address} {login}" for name, address in zip(nodes.names, nodes.addresses)]
    (work / "hosts.ini").write_text("\n".join(rows) + "\n")


def versions():
    def first(*command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return (done.stdout + done.stderr).strip().splitlines()[0]
        except (OSError, IndexError):
            return "missing"

    def package(name):
        done = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=False)
        return done.stdout or "missing"
    return {
        "provision": first(TOP / "provision", "--version"),
        "commit": first("git", "-C", str(TOP), "rev-parse", "--short", "HEAD"),
        "ansible": first("ansible", "--version"),
        "ansible-mitogen": package("ansible-mitogen"),
        "ssh": first("ssh", "-V"),
        "java": (TOP / "provisioner/target/launch/jdk").read_text().strip().rsplit("/", 1)[-1],
        "kernel": first("uname", "-sr"),
        "processor": next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                           if line.startswith("model name")), "unknown"),
        "cores": os.cpu_count(),
    }
