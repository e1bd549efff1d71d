package io.provision.steps.os.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.Machine;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SwapOffTest {
  @TempDir Path root;

  private static final Content.Plain NO_SWAP = (Content.Plain) Content.of("UUID=1 / ext4 x 0 1\n");
  private static final Content.Plain SWAP =
      (Content.Plain) Content.of("/dev/sda2 none swap sw 0 0\n");
  private static final String MASKED =
      """
      Id=swap.target
      LoadState=masked
      ActiveState=inactive
      UnitFileState=masked

      Id=zramswap.service
      LoadState=not-found
      ActiveState=inactive
      UnitFileState=
      """;
  private static final String IN_USE =
      """
      area /dev/sda2
      Id=swap.target
      LoadState=loaded
      ActiveState=active
      UnitFileState=static

      Id=dev-sda2.swap
      LoadState=loaded
      ActiveState=active
      UnitFileState=generated
      """;

  @Test
  void isInSyncWithoutSwapNowAndAtBoot() {
    assertThat(check(MASKED, NO_SWAP, "")).isInstanceOf(Check.InSync.class);
  }

  /** Then all that comes after it must be asked again. */
  @Test
  void onlyAUnitOfSomebodysIsMoved() {
    var loaded = MASKED.replace("=masked", "=loaded");
    assertThat(((Check.Drift) check(loaded, NO_SWAP, "")).repair().canBringFiles()).isFalse();
    assertThat(((Check.Drift) check(loaded, SWAP, "")).repair().canBringFiles()).isFalse();
    assertThat(((Check.Drift) check(IN_USE, NO_SWAP, "")).repair().canBringFiles()).isTrue();
  }

  @Test
  void isInSyncWithAMaskThatSystemdHasNotReadYet() {
    var loaded = MASKED.replace("=masked", "=loaded");
    assertThat(check(loaded, NO_SWAP, "")).isInstanceOf(Check.Drift.class);
    assertThat(check(loaded + "\nmasked at boot: swap.target\n", NO_SWAP, ""))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void namesTheAreaTheFileAndTheUnits() {
    var drift = (Check.Drift) check(IN_USE, SWAP, "");
    assertThat(drift.changes())
        .extracting(Change::subject)
        .containsExactly("/etc/fstab", "unit dev-sda2.swap", "unit swap.target", "swap /dev/sda2");
  }

  @Test
  void writesFilesInAContainerAndLeavesTheKernelAlone() {
    var drift = (Check.Drift) check(IN_USE, SWAP, "docker");
    assertThat(drift.changes()).extracting(Change::subject).doesNotContain("swap /dev/sda2");
    assertThat(check("area /dev/sda2\n" + MASKED, NO_SWAP, "docker"))
        .isInstanceOfSatisfying(
            Check.Skipped.class, it -> assertThat(it.reason()).contains("/dev/sda2", "belongs to"));
  }

  @Test
  void whatCouldNotBeReadIsNotTakenForNoSwap() {
    for (var answer : List.of("", "garbage\n", MASKED, "areas were read\n")) {
      for (var container : List.of("", "docker")) {
        assertThat(
                SwapOff.check(
                    SwapState.read(new Frame(0, answer)),
                    fstab(NO_SWAP, 0644),
                    new Machine(container)))
            .as(answer)
            .isInstanceOfSatisfying(
                Check.Refused.class, it -> assertThat(it.what()).contains("cannot be told"));
      }
    }
  }

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void theLookTellsWhatItReadFromWhatItCouldNotRead(List<String> shell) throws IOException {
    Files.createDirectories(root.resolve("proc"));
    var host =
        new LocalHost(root)
            .below(root)
            .in(shell.toArray(String[]::new))
            .program("systemctl", "echo Id=swap.target");
    assertThat(look(host).areasRead()).as("no /proc at all").isFalse();
    Files.writeString(root.resolve("proc/meminfo"), "MemTotal: 1 kB\n");
    assertThat(look(host).areasRead()).as("a kernel without swap").isTrue();
    Files.writeString(
        root.resolve("proc/swaps"), "Filename Type\n/dev/sda2 partition 1 0 -2\n/a\\040b file 1\n");
    assertThat(look(host).inUse()).containsExactly("/dev/sda2", "/a\\040b");
    assertThat(look(host).unseen()).isEmpty();
    var unread = host.program("tail", "exit 1");
    assertThat(look(unread).unseen()).contains("/proc/swaps");
  }

  private static SwapState look(LocalHost host) {
    return host.look(Probes.of(SwapState.question())).of(SwapState.question());
  }

  /** As a machine had it whose /etc/fstab is a link: the link itself has mode 0777. */
  @Test
  void showsAndTakesBackWhatOthersMayWriteAndKeepsTheOwner() {
    var drift =
        (Check.Drift)
            SwapOff.check(
                SwapState.read(new Frame(0, "areas were read\n" + MASKED)),
                fstab(SWAP, 0666),
                new Machine(""));
    assertThat(drift.changes()).extracting(Change::subject).containsOnly("/etc/fstab");
    assertThat(drift.changes().getLast())
        .isEqualTo(Change.of(Change.Action.UPDATE, "/etc/fstab", "mode 0666", "mode 0664"));
    var script = ((Repair.OnHost) drift.repair()).scripts().getFirst();
    assertThat(script.call().arguments()).startsWith("0664", "7", "8");
  }

  private static FileState fstab(Content.Plain text, int mode) {
    return new FileState(
        FileState.Type.FILE,
        true,
        new FileMode(mode),
        new FileState.Owner("lp", "mail", "7", "8"),
        text.bytes().length,
        Optional.of(text.sha256()),
        Optional.of(text));
  }

  private static Check check(String state, Content.Plain fstab, String container) {
    return SwapOff.check(
        SwapState.read(new Frame(0, "areas were read\n" + state)),
        fstab(fstab, 0644),
        new Machine(container));
  }
}
