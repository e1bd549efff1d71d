package io.provision.steps.first;

import io.provision.model.Cidr;
import io.provision.model.NodeAddress;
import io.provision.model.Version;
import io.provision.remote.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a host said of itself; what it did not say is empty, or 0.
 *
 * @param addresses of its own, with the networks that they are in
 * @param routes where else it sends packets to, but by default
 * @param memory in MiB
 * @param disks on which nothing is
 * @param runs units of other tools, of Kubernetes and of storage that are active
 * @param kubernetes the version of a node that is there already; empty where there is none
 * @param cluster what a control plane of kubeadm that is there serves; empty where there is none
 */
record MachineFacts(
    String hostname,
    String architecture,
    String system,
    int cpus,
    long memory,
    List<OwnAddress> addresses,
    List<Cidr> routes,
    List<Disk> disks,
    String timezone,
    List<String> runs,
    Optional<Version> kubernetes,
    Optional<Made> cluster) {
  /** Of a network of pods, whose addresses an inventory says anew. */
  private static final Pattern OF_PODS =
      Pattern.compile("(cni|flannel|cali|tunl|vxlan|kube-|nodelocaldns|lxc|cilium).*");

  /** Of container engines, which all machines may have the same of. */
  private static final Pattern OF_ENGINES = Pattern.compile("(docker|br-|veth|virbr).*|lo");

  private static final String ZONES = "zoneinfo/";

  /** Of one value. */
  private static final int LONGEST = 100;

  /** A name as an inventory may have it. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** A cluster that is there already, by what cannot be changed. */
  record Made(String name, Cidr pods, Cidr services) {
    private static Optional<Made> of(String name, String pods, String services) {
      try {
        return NAME.matcher(name).matches()
            ? Optional.of(new Made(name, Cidr.parse(pods), Cidr.parse(services)))
            : Optional.empty();
      } catch (IllegalArgumentException _) {
        return Optional.empty(); // of two families, or none
      }
    }
  }

  record OwnAddress(String device, NodeAddress address, Cidr network) {}

  /**
   * @param size in bytes
   */
  record Disk(String device, long size) {
    long gigabytes() {
      return size / 1_000_000_000;
    }
  }

  static MachineFacts read(Frame frame) {
    var said = new Said(frame.output());
    return new MachineFacts(
        said.first("hostname"),
        said.first("architecture"),
        said.first("system").replaceAll("^\"|\"$", ""),
        (int) number(said.first("cpus")),
        number(said.first("memory")) >> 10,
        said.all("address").stream().flatMap(it -> address(it).stream()).toList(),
        said.all("route").stream().flatMap(it -> route(it).stream()).toList(),
        said.all("disk").stream().flatMap(it -> disk(it).stream()).toList(),
        zone(said.first("timezone")),
        said.all("runs"),
        said.all("kubernetes").stream().flatMap(it -> version(it).stream()).findFirst(),
        Made.of(said.first("cluster"), said.first("pods"), said.first("services")));
  }

  private record Said(List<String> lines) {
    Said(String text) {
      this(text.lines().toList());
    }

    List<String> all(String key) {
      return lines.stream()
          .filter(line -> line.startsWith(key + "="))
          .map(line -> plain(line.substring(key.length() + 1)))
          .filter(value -> !value.isEmpty())
          .toList();
    }

    /** It comes to stand in a file, and on a screen. */
    private static String plain(String value) {
      var printable = value.replaceAll("[^ -~]", "?").strip();
      return printable.substring(0, Math.min(printable.length(), LONGEST));
    }

    String first(String key) {
      return all(key).stream().findFirst().orElse("");
    }
  }

  private static long number(String text) {
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }

  private static Optional<Version> version(String text) {
    try {
      return Optional.of(Version.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // of a build of somebody's own
    }
  }

  private static String zone(String link) {
    var at = link.indexOf(ZONES);
    return at < 0 ? "" : link.substring(at + ZONES.length());
  }

  private static Optional<OwnAddress> address(String text) {
    var words = text.split(" ");
    if (words.length != 2
        || OF_PODS.matcher(words[0]).matches()
        || OF_ENGINES.matcher(words[0]).matches()) {
      return Optional.empty();
    }
    var parts = words[1].split("/");
    try {
      var address = NodeAddress.parse(parts[0]);
      var prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : 32;
      return Optional.of(new OwnAddress(words[0], address, Cidr.around(address, prefix)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Cidr> route(String text) {
    var words = text.split(" ");
    if (words.length != 2 || OF_PODS.matcher(words[1]).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Cidr.parse(words[0].contains("/") ? words[0] : words[0] + "/32"));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // unreachable, blackhole and the like
    }
  }

  private static Optional<Disk> disk(String text) {
    var words = new ArrayList<>(List.of(text.split(" ")));
    return words.size() == 2 && number(words.getLast()) > 0
        ? Optional.of(new Disk(words.getFirst(), number(words.getLast())))
        : Optional.empty();
  }
}
