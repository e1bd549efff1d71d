package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting that somebody else writes at the next boot or lease is not in sync, or is noted. */
final class NameAuthorsTest {
  private static final Piece HOSTNAME = NameAuthors.ofHostname("n1");
  private static final String HOOK = "hostname /etc/dhcp/dhclient-exit-hooks.d/google:4\n";

  @TempDir Path root;

  private HostFiles files;

  @BeforeEach
  void filesBelowTheRoot() {
    files = new HostFiles(root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\n\n: :\ncmdline",
        "cmdline n1",
        "lease /var/lib/dhcp/a.leases other", // nobody makes it the hostname
        HOOK + "lease /var/lib/dhcp/a.leases n1",
        HOOK + "lease /var/lib/dhcp/a.leases n1.example.com",
        HOOK + "lease /var/lib/dhcp/a.leases old\nlease /var/lib/dhcp/a.leases n1",
        "proxmox 10.0.0.1 n1.lan n1",
      })
  void whereNobodyGivesAnotherNameNothingIsSaid(String says) {
    assertThat(check(HOSTNAME, says)).isEqualTo(new Check.InSync());
  }

  @Test
  void whoeverGivesAnotherNameIsNamed() {
    assertThat(refused(HOOK + "lease /var/lib/dhcp/a.leases n7"))
        .contains("google:4", "n7", "/var/lib/dhcp/a.leases");
    assertThat(refused("cmdline n7")).contains("systemd.hostname=n7", "every boot");
  }

  @Test
  void aHookThatMayGiveAnotherNameIsNoted() {
    assertThat(check(HOSTNAME, HOOK).notes()).singleElement().asString().contains("google:4");
    assertThat(check(NameAuthors.ofHosts(), "hosts /etc/network/if-up.d/x:2").notes())
        .singleElement()
        .asString()
        .contains("/etc/network/if-up.d/x:2", "/etc/hosts");
    assertThat(check(NameAuthors.ofHosts(), HOOK)).isEqualTo(new Check.InSync());
  }

  @Test
  void proxmoxIsToldToLeaveTheHostnameAlone() {
    assertThat(check(HOSTNAME, "proxmox 10.0.0.1 ct7.lan ct7"))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> assertThat(it.changes().toString()).contains("/etc/.pve-ignore.hostname"));
  }

  @Test
  void theLookFindsThemInTheirFiles() throws IOException {
    files.write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 systemd.hostname=cmd quiet\n");
    files.write(
        "var/lib/dhcp/dhclient.eth0.leases",
        """
        lease { option host-name "old"; }
          option host-name "n7";
        """);
    files.write("run/systemd/netif/leases/2", "ADDRESS=10.0.0.7\nHOSTNAME=n8\n");
    files.write(
        "run/NetworkManager/devices/3",
        "[dhcp4]\ndhcp4.domain_name=example.com\ndhcp4.host_name=n9\ndhcp4.ip_address=10.0.0.9\n");
    files.write(
        "etc/dhcp/dhclient-exit-hooks.d/google", "#!/bin/sh\n# hostname x\nhostname \"$new\"\n");
    files.write("etc/dhcp/dhclient-exit-hooks.d/debug", "name=$(hostname -s)\n[ $hostname = x ]\n");
    files.write("etc/NetworkManager/dispatcher.d/20-name", "nmcli general hostname $1\n");
    files.write("etc/network/if-up.d/hosts", "grep x /etc/hosts\nsed -i s/a/b/ /etc/hosts\n");
    files.write(
        "etc/networkd-dispatcher/routable.d/n", "echo x >>/etc/hosts\ncat /etc/hosts.allow\n");
    files.write("etc/dhcpcd.conf", "# env force_hostname=YES\nenv force_hostname=YES\n");
    files.write("etc/sysconfig/network/dhcp", "DHCLIENT_SET_HOSTNAME=\"no\"\n");
    files.write(
        "etc/hosts",
        "127.0.0.1 localhost\n# --- BEGIN PVE ---\n10.0.0.1 ct7.lan ct7\n# --- END PVE ---\n");
    for (var shell : HostFiles.shells()) {
      var state = files.look(shell, NameAuthors.LOOK, NameAuthors.State::read, List.of());
      assertThat(state.cmdline()).as("%s", shell).containsExactly("cmd");
      assertThat(state.leases())
          .hasToString(
              ("{%1$s/run/NetworkManager/devices/3=n9, %1$s/run/systemd/netif/leases/2=n8,"
                      + " %1$s/var/lib/dhcp/dhclient.eth0.leases=n7}")
                  .formatted(root));
      assertThat(state.hooks())
          .containsExactly(
              root + "/etc/dhcp/dhclient-exit-hooks.d/google:3",
              root + "/etc/NetworkManager/dispatcher.d/20-name:1",
              root + "/etc/dhcpcd.conf:2");
      assertThat(state.hosts())
          .containsExactly(
              root + "/etc/network/if-up.d/hosts:2",
              root + "/etc/networkd-dispatcher/routable.d/n:1");
      assertThat(state.proxmox()).containsExactly("10.0.0.1", "ct7.lan", "ct7");
    }
  }

  private static String refused(String says) {
    return ((Check.Refused) check(HOSTNAME, says)).what();
  }

  private static Check check(Piece piece, String says) {
    var seen = new Observations.Builder();
    var asked = piece.probes().questions();
    put(asked.getFirst(), says, seen);
    List.copyOf(asked).subList(1, asked.size()).forEach(it -> put(it, "", seen));
    return piece.check(seen.build());
  }

  private static <A> void put(Question<A> question, String says, Observations.Builder into) {
    into.put(question, question.kind().read(List.of(question), new Frame(0, says)).getFirst());
  }
}
