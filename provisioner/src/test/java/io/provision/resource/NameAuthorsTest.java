package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting that somebody else writes at the next boot or lease is not in sync, or is noted. */
final class NameAuthorsTest {
  private static final Piece HOSTNAME = NameAuthors.ofHostname("n1");
  private static final String HOOK = "hostname /etc/dhcp/dhclient-exit-hooks.d/google:4\n";

  @TempDir Path root;

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
    write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 systemd.hostname=cmd quiet\n");
    write(
        "var/lib/dhcp/dhclient.eth0.leases",
        """
        lease { option host-name "old"; }
          option host-name "n7";
        """);
    write("run/systemd/netif/leases/2", "ADDRESS=10.0.0.7\nHOSTNAME=n8\n");
    write("etc/dhcp/dhclient-exit-hooks.d/google", "#!/bin/sh\n# hostname x\nhostname \"$new\"\n");
    write("etc/dhcp/dhclient-exit-hooks.d/debug", "name=$(hostname -s)\n[ $hostname = x ]\n");
    write("etc/NetworkManager/dispatcher.d/20-name", "nmcli general hostname $1\n");
    write("etc/network/if-up.d/hosts", "grep x /etc/hosts\nsed -i s/a/b/ /etc/hosts\n");
    write("etc/networkd-dispatcher/routable.d/n", "echo x >>/etc/hosts\ncat /etc/hosts.allow\n");
    write("etc/dhcpcd.conf", "# env force_hostname=YES\nenv force_hostname=YES\n");
    write("etc/sysconfig/network/dhcp", "DHCLIENT_SET_HOSTNAME=\"no\"\n");
    write(
        "etc/hosts",
        "127.0.0.1 localhost\n# --- BEGIN PVE ---\n10.0.0.1 ct7.lan ct7\n# --- END PVE ---\n");
    for (var shell : shells()) {
      var state = look(shell, NameAuthors.LOOK, NameAuthors.State::read, List.of());
      assertThat(state.cmdline()).as("%s", shell).containsExactly("cmd");
      assertThat(state.leases())
          .hasToString(
              "{%s/run/systemd/netif/leases/2=n8, %s/var/lib/dhcp/dhclient.eth0.leases=n7}"
                  .formatted(root, root));
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

  @Test
  void aDeniedModuleIsFoundByItsNameWithDashOrUnderscore() throws IOException {
    write("etc/modprobe.d/a.conf", "# blacklist overlay\nblacklist br-netfilter\n");
    write("etc/modprobe.d/cis.conf", "install  overlay /bin/false\nblacklist overlay2\n");
    write("proc/cmdline", "quiet modprobe.blacklist=nfs,dummy\n");
    var asked = List.of("overlay", "br_netfilter", "nfs", "ip_tables");
    for (var shell : shells()) {
      var said = look(shell, KernelModule.LOOK_DENIED, Frame::output, asked);
      assertThat(said.lines())
          .as("%s", shell)
          .containsExactly(
              "overlay line 1 of %s/etc/modprobe.d/cis.conf".formatted(root),
              "br_netfilter line 2 of %s/etc/modprobe.d/a.conf".formatted(root),
              "nfs the kernel command line");
    }
  }

  @Test
  void networkdsForwardingIsReadAsWhatItSets() throws IOException {
    Files.createDirectories(root.resolve("run/systemd/netif"));
    write("etc/systemd/networkd.conf", "[Network]\n#IPv4Forwarding=yes\nIPv6Forwarding = false\n");
    write("etc/systemd/networkd.conf.d/a.conf", "[Network]\nIPv4Forwarding=no\n");
    for (var shell : shells()) {
      var files = look(shell, SysctlFiles.LOOK, SysctlFiles::read, List.of());
      for (var path : List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding")) {
        assertThat(files.overriding("/etc/sysctl.d/99-a.conf", path, "1")).as(path).isPresent();
      }
      assertThat(files.overriding("/etc/sysctl.d/99-a.conf", "net/ipv4/ip_forward", "0")).isEmpty();
    }
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  private static List<List<String>> shells() {
    return List.of(List.of("/bin/sh"), List.of("bash"), List.of("busybox", "sh")).stream()
        .filter(words ->
            List.of("/bin", "/usr/bin", "").stream()
                .anyMatch(at -> Files.isExecutable(Path.of(at + "/" + words.getFirst()))))
        .toList();
  }

  /** What a look says of the files below {@link #root}: each path that it opens leads there. */
  private <A> A look(
      List<String> shell, ShellFunction look, Function<Frame, A> read, List<String> asked) {
    var body = look.body().replaceAll("(?<=[ <])/(etc|var|run|usr|proc)/", root + "/$1/");
    var there =
        new ShellFunction("look_there", "set -- %s\n%s".formatted(String.join(" ", asked), body));
    var question = Question.of(Kind.single(there, read));
    return new LocalHost(root)
        .in(shell.toArray(String[]::new))
        .look(Probes.of(question))
        .of(question);
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
