"""The table of a benchmark's results."""


def best(medians, keys):
    return min((medians[key]["wall"] for key in keys if key in medians), default=None)


def ratio(value, base):
    return "" if value is None or not base else f"{value / base:.2f}"


def rows(result, kind):
    medians = result["median"].get(kind, {})
    ours = medians.get("provision", {}).get("wall")
    for key, values in sorted(medians.items(), key=lambda item: item[1]["wall"]):
        yield result["titles"][key], values, ratio(values["wall"], ours), result["costs_per_host"].get(key)


def table(result, kind):
    lines = [
        f"| {kind}, {result['nodes']} hosts | wall s | times ours | controller CPU s | peak MB | KB to, from a host | execs a host |",
        "|---|---|---|---|---|---|---|",
    ]
    for title, values, times, costs in rows(result, kind):
        more = " | | "
        if costs and kind == "converged":
            more = "{:.0f} | {:.1f}, {:.1f} | {:.1f}".format(
                costs["peak_memory"] / 1e6, costs["bytes_to_host"] / 1e3, costs["bytes_from_host"] / 1e3, costs["execs"])
        lines.append(f"| {title} | {values['wall']:.2f} | {times} | {values['cpu']:.2f} | {more} |")
    return lines


def far(result):
    """Every tool over slow ways, in seconds."""
    prefix = "converged, "
    kinds = [kind for kind in result["median"] if kind.startswith(prefix)]
    if not kinds:
        return []
    keys = sorted(result["median"][kinds[-1]], key=lambda key: result["median"][kinds[-1]][key]["wall"])
    lines = [
        f"| converged, {result['nodes']} hosts, wall s | " + " | ".join(kind.removeprefix(prefix) for kind in kinds) + " |",
        "|---" * (len(kinds) + 1) + "|",
    ]
    for key in keys:
        walls = [f"{result['median'][kind][key]['wall']:.2f}" if key in result["median"][kind] else "" for kind in kinds]
        lines.append(f"| {result['titles'][key]} | " + " | ".join(walls) + " |")
    return [*lines, ""]


def bulk(result):
    """A large file to hosts, beside scp."""
    lines = []
    for count, medians in result["bulk"].items():
        for key, title in ("scp", "`scp`, one a host"), ("provision", "provision apply"):
            if key in medians:
                values = medians[key]
                lines.append(f"| {count} | {title} | {values['wall']:.2f} | {values['cpu']:.2f} |")
    head = ["| a file of 47 MB, hosts | | wall s | controller CPU s |", "|---|---|---|---|"]
    return [*head, *lines, ""] if lines else []


def verdicts(result):
    """What was promised, and what came of it."""
    found = []

    def promise(text, value, limit, most):
        if value is not None:
            kept = value <= limit if most else value >= limit
            found.append(f"| {text} | {'at most' if most else 'at least'} {limit} | {value:.2f} | {'kept' if kept else 'missed'} |")

    def quotient(value, base):
        return value / base if value is not None and base else None

    for kind in ("converged", "cold"):
        medians = result["median"].get(kind, {})
        ours = medians.get("provision")
        if not ours:
            continue
        ansible = best(medians, ["ansible", "ansible-free"])
        mitogen = best(medians, ["mitogen", "mitogen-free"])
        if kind == "converged":
            floor = medians.get("floor", {})
            promise("converged: wall, times the floor", quotient(ours["wall"], floor.get("wall")), 1.2, True)
            promise("converged: controller CPU, times the floor's", quotient(ours["cpu"], floor.get("cpu")), 1.0, True)
            promise("converged: Ansible's best, times ours", quotient(ansible, ours["wall"]), 20, False)
            promise("converged: Mitogen's best, times ours", quotient(mitogen, ours["wall"]), 15, False)
        else:
            hand = medians.get("by-hand", {}).get("wall")
            promise("cold: wall, times the script by hand", quotient(ours["wall"], hand), 1.05, True)
            promise("cold: Ansible's best, times ours", quotient(ansible, ours["wall"]), 2, False)
            promise("cold: Mitogen's best, times ours", quotient(mitogen, ours["wall"]), 2, False)
    for count, medians in result["bulk"].items():
        ours, scp = (medians.get(key, {}).get("wall") for key in ("provision", "scp"))
        promise(f"a file of 47 MB to {count}: wall, times scp", quotient(ours, scp), 1.1, True)
    startup = result["startup"]
    promise("`provision --version`, times an empty Java program",
            quotient(startup.get("provision --version"), startup.get("empty Java program")), 3, True)
    return ["| promised | limit | measured | |", "|---|---|---|---|", *found]


def markdown(result):
    versions = result["versions"]
    head = (
        f"{result['date']}, {versions['cores']} cores ({versions['processor']}, {versions['kernel']}; load before: "
        f"{result['load_before']:.1f}), nodes in containers on the same machine; {versions['provision']} "
        f"({versions['commit']}) on {versions['java']}, {versions['ansible']}, ansible-mitogen "
        f"{versions['ansible-mitogen']}, {versions['ssh']}. Medians of {result['rounds']['converged']} converged and "
        f"{result['rounds']['cold']} cold rounds. Made by `tests/bench/run`.")
    startup = ", ".join(f"`{name}` {1000 * wall:.0f} ms" for name, wall in result["startup"].items())
    parts = [head, "", *table(result, "converged"), "", *table(result, "cold"), "", *far(result), *bulk(result), *verdicts(result), "", f"Start-up: {startup}."]
    if result["left_out"]:
        parts += ["", "Left out: " + "; ".join(result["left_out"]) + "."]
    if result["failures"]:
        parts += ["", "These runs do not count:", *[f"- {failure}" for failure in result["failures"]]]
    return "\n".join(parts) + "\n"
