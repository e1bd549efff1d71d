package io.provision.resource.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.resource.Pieces;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Question;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelTest {
  private static final Machine CONTAINER = new Machine("docker");
  private static final Machine REAL = new Machine("");
  private static final Sysctl FORWARD =
      new Sysctl("net.ipv4.ip_forward", "1", "/etc/sysctl.d/50-a.conf");

  @Test
  void realQuestionsAreAnsweredOnThisMachine(@TempDir Path directory) {
    var host = new LocalHost(directory);
    var piece =
        Pieces.all(
            new Sysctl("kernel.ostype", "Linux", "/etc/sysctl.d/a.conf"),
            new Sysctl("kernel.osrelease", "none", "/etc/sysctl.d/a.conf"),
            new KernelModule("no-such-module"),
            new KernelModule("tmpfs"));
    var seen = host.look(piece.probes());
    var checks = piece.pieces().stream().map(it -> it.check(seen)).toList();
    assertThat(checks.get(0)).isInstanceOf(Check.InSync.class);
    assertThat(checks.get(1)).isNotInstanceOf(Check.InSync.class);
    assertThat(checks.get(2)).isNotInstanceOf(Check.InSync.class);
  }

  @Test
  void aValueBelongsToTheMachineBelowWhereAContainerCannotSetIt() {
    var swappiness = new Sysctl("vm.swappiness", "1", "/etc/sysctl.d/a.conf");
    assertThat(check(swappiness, Optional.of("60"), CONTAINER)).isInstanceOf(Check.Skipped.class);
    assertThat(check(swappiness, Optional.of("60"), REAL)).isInstanceOf(Check.Drift.class);
    assertThat(check(FORWARD, Optional.of("0"), CONTAINER)).isInstanceOf(Check.Drift.class);
    var bridge = new Sysctl("net.bridge.bridge-nf-call-iptables", "1", "/etc/sysctl.d/a.conf");
    assertThat(check(bridge, Optional.empty(), CONTAINER)).isInstanceOf(Check.Skipped.class);
    assertThat(check(bridge, Optional.empty(), REAL)).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aParameterThatTheKernelDoesNotHaveIsSaid() {
    var absent = new Sysctl("net.no_such.thing", "1", "/etc/sysctl.d/a.conf");
    assertThat(check(absent, Optional.empty(), CONTAINER))
        .isInstanceOfSatisfying(
            Check.Skipped.class,
            it -> assertThat(it.reason()).contains("no parameter net.no_such.thing"));
    assertThat(check(absent, Optional.empty(), REAL).notes())
        .singleElement()
        .asString()
        .contains("no parameter net.no_such.thing");
  }

  @Test
  void aFileThatIsReadLaterAndSaysOtherwiseIsNamed() {
    var files =
        SysctlFiles.read(
            new Frame(
                0,
                """
                /etc/sysctl.d/10-b.conf:net.ipv4.ip_forward=0
                /etc/sysctl.d/99-sysctl.conf: net/ipv4/ip_forward = 0
                /usr/lib/sysctl.d/99-sysctl.conf:net.ipv4.ip_forward=1\
                """));
    assertThat(files.overriding("/etc/sysctl.d/50-a.conf", "net/ipv4/ip_forward", "1"))
        .hasValueSatisfying(it -> assertThat(it.file()).isEqualTo("/etc/sysctl.d/99-sysctl.conf"));
    assertThat(files.overriding("/etc/sysctl.d/99-z.conf", "net/ipv4/ip_forward", "1")).isEmpty();
    assertThat(files.overriding("/etc/sysctl.d/50-a.conf", "net/ipv4/ip_forward", "0")).isEmpty();
  }

  /** The value in effect is right today, and the other file's from the next boot on. */
  @Test
  void whatHoldsOnlyUntilTheNextBootIsNotInSync() {
    var later = new Frame(0, "/etc/sysctl.d/99-sysctl.conf:net.ipv4.ip_forward=0");
    for (var machine : List.of(CONTAINER, REAL)) {
      var seen = new Observations.Builder();
      FORWARD.probes().questions().stream()
          .filter(question -> !question.equals(SysctlFiles.question()))
          .filter(question -> !question.equals(Machine.question()))
          .forEach(question -> record(seen, question, new Frame(0, "1")));
      seen.put(SysctlFiles.question(), SysctlFiles.read(later)).put(Machine.question(), machine);
      assertThat(FORWARD.check(seen.build()))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> assertThat(it.what()).contains("/etc/sysctl.d/99-sysctl.conf"));
    }
  }

  @Test
  void anActiveUfwSetsItsOwnAfterAllOthers() {
    var files = SysctlFiles.read(new Frame(0, "/etc/ufw/sysctl.conf:net/ipv4/ip_forward=0"));
    assertThat(files.overriding("/etc/sysctl.d/99-zz-a.conf", "net/ipv4/ip_forward", "1"))
        .hasValueSatisfying(it -> assertThat(it.file()).isEqualTo("/etc/ufw/sysctl.conf"));
  }

  @Test
  void whatAnotherProgramSetsAfterAllFilesWinsWhateverTheirNames() {
    for (var file :
        List.of("/etc/ufw/sysctl.conf", "/etc/systemd/networkd.conf.d/10-router.conf")) {
      var files = SysctlFiles.read(new Frame(0, file + ":net.ipv4.ip_forward=0"));
      assertThat(files.overriding("/etc/sysctl.d/zz-a.conf", "net/ipv4/ip_forward", "1"))
          .as(file)
          .hasValueSatisfying(it -> assertThat(it.file()).isEqualTo(file));
    }
  }

  @Test
  void aModuleThatIsDeniedAtBootIsRefusedAlsoWhereItIsLoadedNow() {
    var overlay = new KernelModule("overlay");
    var denied = "overlay line 3 of /etc/modprobe.d/cis.conf\nbr_netfilter line 1 of /x";
    for (var loaded : List.of("overlay", "")) {
      assertThat(check(overlay, loaded, denied, REAL))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it ->
                  assertThat(it.what()).contains("overlay", "line 3 of /etc/modprobe.d/cis.conf"));
    }
    assertThat(check(overlay, "overlay", denied, CONTAINER)).isInstanceOf(Check.InSync.class);
    assertThat(check(overlay, "", "br_netfilter line 1 of /x", REAL))
        .isInstanceOf(Check.Drift.class);
  }

  private static Check check(KernelModule module, String loaded, String denied, Machine machine) {
    var builder = new Observations.Builder();
    var questions = module.probes().questions();
    record(builder, questions.get(0), new Frame(0, loaded));
    record(builder, questions.get(1), new Frame(0, denied));
    builder.put(Machine.question(), machine);
    return module.check(builder.build());
  }

  @Test
  void dotsAndSlashesSwapAsInSysctlD() {
    assertThat(SysctlWords.path("net.ipv4.conf.eth0/1.rp_filter"))
        .isEqualTo("net/ipv4/conf/eth0.1/rp_filter");
    assertThat(SysctlWords.path("net/ipv4/conf/eth0.1/rp_filter"))
        .isEqualTo("net/ipv4/conf/eth0.1/rp_filter");
    assertThat(SysctlWords.normal(" 4096\t87380  1\n")).isEqualTo("4096 87380 1");
  }

  private static Check check(Sysctl sysctl, Optional<String> value, Machine machine) {
    var builder = new Observations.Builder();
    var frame = new Frame(0, value.map("="::concat).orElse("-"));
    record(builder, sysctl.probes().questions().getFirst(), frame);
    builder.put(SysctlFiles.question(), new SysctlFiles(List.of()));
    builder.put(Machine.question(), machine);
    return sysctl.check(builder.build());
  }

  private static <A> void record(Observations.Builder into, Question<A> question, Frame frame) {
    into.put(question, question.kind().read(List.of(question), frame).getFirst());
  }
}
