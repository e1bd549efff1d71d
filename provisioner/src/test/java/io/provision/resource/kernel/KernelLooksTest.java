package io.provision.resource.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.resource.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a module or a sysctl, as it is found in a host's files. */
final class KernelLooksTest {
  @TempDir Path root;

  private HostFiles files;

  @BeforeEach
  void filesBelowTheRoot() {
    files = new HostFiles(root);
  }

  @Test
  void aDeniedModuleIsFoundByItsNameWithDashOrUnderscore() throws IOException {
    files.write("etc/modprobe.d/a.conf", "# blacklist overlay\nblacklist br-netfilter\n");
    files.write("etc/modprobe.d/cis.conf", "install  overlay /bin/false\nblacklist overlay2\n");
    files.write("proc/cmdline", "quiet modprobe.blacklist=nfs,dummy\n");
    var asked = List.of("overlay", "br_netfilter", "nfs", "ip_tables");
    for (var shell : HostFiles.shells()) {
      var said = files.look(shell, KernelModule.LOOK_DENIED, Frame::output, asked);
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
    files.write(
        "etc/systemd/networkd.conf", "[Network]\n#IPv4Forwarding=yes\nIPv6Forwarding = false\n");
    files.write("etc/systemd/networkd.conf.d/a.conf", "[Network]\nIPv4Forwarding=no\n");
    for (var shell : HostFiles.shells()) {
      var said = files.look(shell, SysctlFiles.LOOK, SysctlFiles::read, List.of());
      for (var path : List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding")) {
        assertThat(said.overriding("/etc/sysctl.d/99-a.conf", path, "1")).as(path).isPresent();
      }
      assertThat(said.overriding("/etc/sysctl.d/99-a.conf", "net/ipv4/ip_forward", "0")).isEmpty();
    }
  }
}
