package io.provision.resource;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.render.Template;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who else gives a host its name, at a boot or when a lease comes: the kernel command line, a hook
 * of a DHCP client or of NetworkManager (Google's images bring one), Proxmox for its containers.
 * Left out is what keeps to a hostname that is set: NetworkManager's hostname-mode and networkd's
 * UseHostname (only the transient one; NetworkManager.conf(5), hostname(5)), dhclient and dhcpcd
 * without a hook (only where the host has no name, or one that came by a lease). What dhcpcd was
 * given is not in a file of text and is not looked for.
 */
public final class NameAuthors {
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_name_authors",
          """
          [ -e /run/systemd/container ] ||
            tr ' ' '\\n' </proc/cmdline | sed -n 's/^systemd\\.hostname=/cmdline /p'
          grep -HosE '^[[:space:]]*option host-name "[^"]+"|^HOSTNAME=.+|^dhcp4\\.host_name=.+' \
            /var/lib/dhcp/*.leases /var/lib/dhclient/*.lease* /var/lib/NetworkManager/*.lease* \
            /run/NetworkManager/devices/* /run/systemd/netif/leases/* |
            sed -n 's/^\\([^:]*\\):.*[="]\\([^"=][^"=]*\\)"*$/lease \\1 \\2/p'
          set -- /etc/dhcp/dhclient-enter-hooks /etc/dhcp/dhclient-exit-hooks \
            /etc/dhcp/dhclient-*-hooks.d/* /etc/dhcp/dhclient.d/*.sh \
            /etc/dhcpcd.enter-hook /etc/dhcpcd.exit-hook /etc/network/if-up.d/* \
            /etc/NetworkManager/dispatcher.d/* /etc/NetworkManager/dispatcher.d/pre-up.d/* \
            /usr/lib/NetworkManager/dispatcher.d/* /usr/lib/NetworkManager/dispatcher.d/pre-up.d/* \
            /etc/networkd-dispatcher/*.d/* /usr/lib/networkd-dispatcher/*.d/*
          {
            grep -HnsE '^[^#]*(hostnamectl|set_hostname|(^|[[:space:];&|(])hostname[[:space:]]+(-F|-b|--file|["$A-Za-z0-9])|nmcli[[:space:]]+g[a-z]*[[:space:]]+hostname|>[[:space:]]*"?/etc/hostname)' "$@"
            grep -HniE '^[[:space:]]*env[[:space:]]+force_hostname=(yes|true|1)' -s /etc/dhcpcd.conf
            grep -HniE '^DHCLIENT_SET_HOSTNAME="?yes' -s /etc/sysconfig/network/dhcp
          } | sed -n 's/^\\([^:]*:[0-9]*\\):.*/hostname \\1/p'
          grep -HnsE '^[^#]*(>[[:space:]]*|(sed|mv|cp|tee|install)[[:space:]].*[[:space:]])"?/etc/hosts("|[[:space:]]|$)' "$@" |
            sed -n 's/^\\([^:]*:[0-9]*\\):.*/hosts \\1/p'
          sed -n '/^#[- ]*BEGIN PVE/,/^#[- ]*END PVE/s/^[^#]/proxmox &/p' /etc/hosts
          return 0\
          """);

  private static final Question<State> QUESTION = Question.of(Kind.single(LOOK, State::read));

  /** Its template sees nothing. */
  private record Model() {}

  /** By this file Proxmox leaves /etc/hostname alone; see PVE::LXC::Setup::Base. */
  static final ManagedFile IGNORED =
      ManagedFile.of(
          "/etc/.pve-ignore.hostname",
          Template.of("os/pve-ignore.hostname.ftl").render(new Model()));

  private NameAuthors() {}

  /**
   * @param leases the last name that each file of leases tells
   * @param hooks file and line of what sets the hostname
   * @param hosts file and line of what writes /etc/hosts
   * @param proxmox the names that it gives this container
   */
  record State(
      List<String> cmdline,
      Map<String, String> leases,
      List<String> hooks,
      List<String> hosts,
      List<String> proxmox) {
    static State read(Frame frame) {
      var state =
          new State(
              new ArrayList<>(),
              new TreeMap<>(),
              new ArrayList<>(),
              new ArrayList<>(),
              new ArrayList<>());
      frame.output().lines().forEach(state::add);
      return state;
    }

    private void add(String line) {
      var words = List.of(line.strip().split("\\s+"));
      if (words.size() < 2) {
        return;
      }
      switch (words.getFirst()) {
        case "cmdline" -> cmdline.add(words.getLast());
        case "lease" -> leases.put(words.get(1), words.getLast());
        case "hostname" -> hooks.add(words.getLast());
        case "hosts" -> hosts.add(words.getLast());
        case "proxmox" -> proxmox.addAll(words.subList(1, words.size()));
        default -> {
          // a line that nobody asked for
        }
      }
    }
  }

  /** What keeps the hostname this one. */
  public static Piece ofHostname(String name) {
    return new OfHostname(name);
  }

  /** What tells who else writes /etc/hosts. */
  public static Piece ofHosts() {
    return new OfHosts();
  }

  private static boolean isCalled(String other, String name) {
    return other.equalsIgnoreCase(name) || other.replaceFirst("\\..*", "").equalsIgnoreCase(name);
  }

  /** That the hostname stays this one. */
  record OfHostname(String name) implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(QUESTION).and(IGNORED.probes());
    }

    @Override
    public Check check(Observations seen) {
      var state = seen.of(QUESTION);
      for (var other : state.cmdline()) {
        if (!other.equals(name)) {
          return new Check.Refused(
              "systemd.hostname=%s on the kernel command line names this host at every boot"
                  .formatted(other),
              "take it out of the boot loader's configuration, or call the host so");
        }
      }
      if (!state.proxmox().isEmpty()
          && state.proxmox().stream().noneMatch(it -> isCalled(it, name))) {
        return IGNORED.check(seen); // it writes the container's name at every start
      }
      return state.hooks().isEmpty() ? new Check.InSync() : hooks(state);
    }

    private Check hooks(State state) {
      var hooks = String.join(", ", state.hooks());
      for (var lease : state.leases().entrySet()) {
        if (!isCalled(lease.getValue(), name)) {
          return new Check.Refused(
              "%s sets the hostname to what the DHCP server says, which is %s (%s)"
                  .formatted(hooks, lease.getValue(), lease.getKey()),
              "take that hook away, give the host its name on the DHCP server, or call it so in the"
                  + " inventory");
        }
      }
      return state.leases().isEmpty()
          ? new Check.InSync(
              Observed.noting(
                  "%s may set another hostname when a lease comes: see there".formatted(hooks)))
          : new Check.InSync();
    }
  }

  /** That /etc/hosts stays; what a script makes of it only a person can read. */
  record OfHosts() implements Piece {
    @Override
    public Probes probes() {
      return Probes.of(QUESTION);
    }

    @Override
    public Check check(Observations seen) {
      var hosts = seen.of(QUESTION).hosts();
      return hosts.isEmpty()
          ? new Check.InSync()
          : new Check.InSync(
              Observed.noting(
                  "%s writes /etc/hosts, too: see that it leaves the marked block as it is"
                      .formatted(String.join(", ", hosts))));
    }
  }
}
